#pragma once

#include <H5Cpp.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

// A fuzzer's bytes, taken one after the other; zeros when there are no more.
class Choices {
public:
    Choices(const std::uint8_t* data, std::size_t size) : next_(data), end_(data + size) {}
    explicit Choices(const std::string& bytes)
        : Choices(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()) {}

    bool any() const { return next_ != end_; }
    std::size_t below(std::size_t count) { return count == 0 ? 0 : byte() % count; }
    std::size_t byte() { return any() ? *next_++ : 0; }
    template <class Element>
    const Element& of(const std::vector<Element>& all) {
        return all[below(all.size())];
    }
    std::string text(std::size_t size);

private:
    const std::uint8_t *next_, *end_;
};

// What an HDF5 file has, by path.
struct Contents {
    explicit Contents(const std::string& path);

    std::vector<std::string> objects, datasets, attributes;  // attributes: the names of all
};

// A file that is changed anew for each input, as it is at first.
struct Original {
    explicit Original(const std::string& path);

    std::string path, bytes;
    Contents contents;

    // Puts it there again and changes it through the HDF5 library, so that what is wrong with it
    // then is not what the library would find itself: objects deleted, exchanged, of other types
    // and sizes; attributes likewise; links that lead nowhere, in circles or elsewhere. A few
    // changes, as the bytes say.
    void put_changed(Choices& choices) const;
};

}  // namespace apical
