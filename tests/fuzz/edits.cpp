#include "tests/fuzz/edits.hpp"

#include <H5DSpublic.h>

#include <algorithm>

#include "sim/hdf5/hdf5_reading.hpp"
#include "tests/fuzz/any_data.hpp"
#include "tests/fuzz/files.hpp"

namespace apical {

namespace {

constexpr std::size_t largest_written = 4096;  // entries

// Writes into what can hold few entries; what is stored as pointers points to a text.
template <class Target, class Write>
void fill(const Target& target, Choices& choices, Write write) {
    const H5::DataType type = target.getDataType();
    const hssize_t points = target.getSpace().getSimpleExtentNpoints();
    if (points <= 0 || points > static_cast<hssize_t>(largest_written)) return;
    const auto count = static_cast<std::size_t>(points);
    if (type.getClass() == H5T_STRING && H5Tis_variable_str(type.getId()) > 0) {
        const std::size_t times = choices.below(8) == 7 ? 300 : 1;
        const std::string text = choices.text(choices.byte() * times);
        const std::vector<const char*> all(count, text.c_str());
        write(type, all.data());
    } else if (!type.detectClass(H5T_VLEN) && count * type.getSize() < 1'000'000) {
        write(type, numbers_by(choices, type, count).data());
    }
}

void replace_attribute(H5::H5Object& object, const std::string& name, Choices& choices) {
    if (object.attrExists(name)) object.removeAttr(name);
    const H5::DataType type = type_by(choices);
    const H5::Attribute attribute =
        object.createAttribute(name, type, space_by(choices, extent_by(choices, true), false));
    fill(attribute, choices,
         [&](const H5::DataType& written, const void* data) { attribute.write(written, data); });
}

template <class Action>
void with_object(const H5::H5File& file, const std::string& path, Action action) {
    if (path == "/") {
        H5::Group group = file.openGroup(path);
        return action(group);
    }
    const hid_t id = H5Oopen(file.getId(), path.c_str(), H5P_DEFAULT);
    const H5I_type_t kind = id < 0 ? H5I_BADID : H5Iget_type(id);
    H5::DataSet set;
    H5::Group group;
    if (kind == H5I_DATASET) set.setId(id);  // which counts it once more
    if (kind == H5I_GROUP) group.setId(id);
    if (id >= 0) H5Oclose(id);
    if (kind == H5I_DATASET) action(set);
    if (kind == H5I_GROUP) action(group);
}

// Without what either has of scales, whose type and size the library would not look at.
void attach_scale(const H5::DataSet& set, const H5::DataSet& scale, unsigned dimension) {
    for (const H5::DataSet* one : {&set, &scale}) {
        for (const char* name : {"DIMENSION_LIST", "REFERENCE_LIST", "CLASS"})
            if (one->attrExists(name)) one->removeAttr(name);
    }
    H5DSattach_scale(set.getId(), scale.getId(), dimension);
}

// Describes the new one as the old one was, or not at all.
void keep_description(const H5::H5File& file, const std::string& path, const H5::DataSet& set,
                      const std::string& address, Choices& choices) {
    if (!address.empty()) {
        const H5::StrType type(H5::PredType::C_S1, address.size() + 1);
        set.createAttribute("address", type, H5::DataSpace()).write(type, address);
    }
    const std::string scale = choices.below(4) == 3 ? path : "/axes/all/step";
    if (!file.nameExists("/axes") || !file.nameExists(scale)) return;
    const H5::DataSet steps = file.openDataSet(scale);
    attach_scale(set, steps, 0);
}

std::string address_of(const H5::H5File& file, const std::string& path) {
    std::string address;
    with_object(file, path, [&](H5::H5Object& object) { address = text_of(object, "address"); });
    return address;
}

void replace_dataset(const H5::H5File& file, const std::string& path, Choices& choices) {
    const std::string address = address_of(file, path);
    H5Ldelete(file.getId(), path.c_str(), H5P_DEFAULT);
    const H5::DataType type = type_by(choices);
    const std::size_t layout = choices.byte();
    const std::vector<hsize_t> extent = extent_by(choices, layout % 4 == 0);
    const H5::DSetCreatPropList creation;
    const bool chunked = layout % 4 != 0 && !extent.empty();
    if (chunked) {
        const std::vector<hsize_t> chunk(extent.size(), 1 + layout / 4 % 3);
        creation.setChunk(static_cast<int>(chunk.size()), chunk.data());
        if (layout & 32) creation.setDeflate(1);
        if (layout & 64) creation.setFletcher32();
    }
    const H5::DataSet set =
        file.createDataSet(path, type, space_by(choices, extent, chunked), creation);
    fill(set, choices,
         [&](const H5::DataType& written, const void* data) { set.write(data, written); });
    keep_description(file, path, set, address, choices);
}

void link(const H5::H5File& file, const std::string& path, const std::string& to,
          Choices& choices) {
    H5Ldelete(file.getId(), path.c_str(), H5P_DEFAULT);
    const std::string own = file.getFileName();
    switch (choices.below(6)) {
        case 0:
            H5Lcreate_soft(to.c_str(), file.getId(), path.c_str(), H5P_DEFAULT, H5P_DEFAULT);
            break;
        case 1:
            H5Lcreate_soft("/nowhere", file.getId(), path.c_str(), H5P_DEFAULT, H5P_DEFAULT);
            break;
        case 2:
            H5Lcreate_soft(path.c_str(), file.getId(), path.c_str(), H5P_DEFAULT, H5P_DEFAULT);
            break;
        case 3:
            H5Lcreate_external("nowhere.h5", to.c_str(), file.getId(), path.c_str(), H5P_DEFAULT,
                               H5P_DEFAULT);
            break;
        case 4:
            H5Lcreate_external(own.c_str(), to.c_str(), file.getId(), path.c_str(), H5P_DEFAULT,
                               H5P_DEFAULT);
            break;
        default:
            H5Lcreate_hard(file.getId(), to.c_str(), file.getId(), path.c_str(), H5P_DEFAULT,
                           H5P_DEFAULT);
    }
}

void exchange(const H5::H5File& file, const std::string& one, const std::string& other) {
    const hid_t id = file.getId();
    H5Lmove(id, one.c_str(), id, "/exchanged", H5P_DEFAULT, H5P_DEFAULT);
    H5Lmove(id, other.c_str(), id, one.c_str(), H5P_DEFAULT, H5P_DEFAULT);
    H5Lmove(id, "/exchanged", id, other.c_str(), H5P_DEFAULT, H5P_DEFAULT);
}

// A piece of a text of the root by another one.
void change_text(const H5::H5File& file, Choices& choices) {
    H5::Group root = file.openGroup("/");
    const std::string name = choices.of<std::string>({"resolved", "model", "audit", "program"});
    std::string text = text_of(root, name);
    const std::size_t place = (choices.byte() * 256 + choices.byte()) % (text.size() + 1);
    const std::size_t removed = choices.byte();
    text.replace(place, removed, choices.text(choices.below(32)));
    const char* written = text.c_str();
    if (root.attrExists(name)) root.removeAttr(name);
    const H5::StrType variable(H5::PredType::C_S1, H5T_VARIABLE);
    root.createAttribute(name, variable, H5::DataSpace()).write(variable, &written);
}

void change_extent(const H5::DataSet& set, Choices& choices) {
    const std::vector<hsize_t> extent = extent_by(choices, false);
    // The library goes through all chunks of what shrinks, also where there are none.
    constexpr std::uint64_t few = 1000;
    if (extent_of(set).size() == extent.size() && is_at_most(few, extent_of(set)))
        set.extend(extent.data());
}

void edit_once(const H5::H5File& file, const Contents& contents, Choices& choices) {
    const std::size_t kind = choices.below(12);
    const std::string path = choices.of(kind < 5 ? contents.datasets : contents.objects);
    switch (kind) {
        case 0:
        case 1:
            return replace_dataset(file, path, choices);
        case 2:
            return change_extent(file.openDataSet(path), choices);
        case 3: {
            const H5::DataSet set = file.openDataSet(path);
            return fill(set, choices,
                        [&](const H5::DataType& type, const void* data) { set.write(data, type); });
        }
        case 4: {
            const H5::DataSet set = file.openDataSet(path);
            const H5::DataSet scale = file.openDataSet(choices.of(contents.datasets));
            return attach_scale(set, scale, static_cast<unsigned>(choices.below(2)));
        }
        case 5:
            H5Ldelete(file.getId(), path.c_str(), H5P_DEFAULT);
            return;
        case 6:
            return with_object(file, path, [&](H5::H5Object& object) {
                const std::string name = choices.of(contents.attributes);
                if (object.attrExists(name)) object.removeAttr(name);
            });
        case 7:
        case 8:
            return with_object(file, path, [&](H5::H5Object& object) {
                replace_attribute(object, choices.of(contents.attributes), choices);
            });
        case 9:
            return link(file, path, choices.of(contents.objects), choices);
        case 10:
            return exchange(file, path, choices.of(contents.objects));
        default:
            return change_text(file, choices);
    }
}

}  // namespace

std::string Choices::text(std::size_t size) {
    std::string all;
    while (all.size() < size && any()) all += static_cast<char>(byte());
    all.resize(size, 'x');
    return all;
}

Contents::Contents(const std::string& path) {
    const H5::H5File file(path, H5F_ACC_RDONLY);
    const auto collect = [](hid_t root, const char* name, const H5O_info_t* info,
                            void* all) -> herr_t {
        auto& contents = *static_cast<Contents*>(all);
        const std::string full = *name == '.' ? "/" : std::string("/") + name;
        contents.objects.push_back(full);
        if (info->type == H5O_TYPE_DATASET) contents.datasets.push_back(full);
        const auto one = [](hid_t, const char* attribute, const H5A_info_t*, void* names) {
            static_cast<std::vector<std::string>*>(names)->emplace_back(attribute);
            return herr_t{0};
        };
        H5Aiterate_by_name(root, name, H5_INDEX_NAME, H5_ITER_INC, nullptr, one,
                           &contents.attributes, H5P_DEFAULT);
        return 0;
    };
    H5Ovisit2(file.getId(), H5_INDEX_NAME, H5_ITER_INC, collect, this, H5O_INFO_BASIC);
    std::sort(attributes.begin(), attributes.end());
    attributes.erase(std::unique(attributes.begin(), attributes.end()), attributes.end());
}

Original::Original(const std::string& file)
    : path(file), bytes(bytes_of_file(file)), contents(file) {}

// What does not fit the changes before it the library refuses.
void Original::put_changed(Choices& choices) const {
    constexpr int most = 4;
    write_file(path, bytes);
    H5::Exception::dontPrint();
    const H5::FileAccPropList access;
    access.setFcloseDegree(H5F_CLOSE_STRONG);  // also what a change that failed has left open
    const H5::H5File file(path, H5F_ACC_RDWR, H5::FileCreatPropList::DEFAULT, access);
    for (int k = 0; k < most && choices.any(); ++k) {
        try {
            edit_once(file, contents, choices);
        } catch (const H5::Exception&) {
        }
    }
}

}  // namespace apical
