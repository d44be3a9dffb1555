#include "sim/data/npz.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <optional>

#include "sim/data/opened_file.hpp"

namespace apical {

namespace {

constexpr std::size_t most_bytes_of_npz = std::size_t{1} << 34;

// A file of a zip: where its bytes lie, and how they are packed.
struct Member {
    std::string name;
    std::uint64_t at = 0, packed = 0, size = 0;
    std::uint32_t checksum = 0;
    std::uint16_t method = 0, flags = 0;
};

// The directory at the end of a zip (PKWARE's APPNOTE.TXT 4.3.12 to 4.3.16, 4.5.3).
class ZipDirectory {
public:
    explicit ZipDirectory(std::string_view bytes) : bytes_(bytes) {}

    // Its files; none when the bytes are no whole zip.
    std::optional<std::vector<Member>> members() const {
        const std::size_t end = bytes_.rfind("PK\x05\x06");
        if (end == std::string_view::npos || end + 22 > bytes_.size()) return {};
        std::uint64_t count = number(end + 10, 2), at = number(end + 16, 4);
        if (end >= 20 && bytes_.substr(end - 20, 4) == "PK\x06\x07") {
            const std::uint64_t end64 = number(end - 12, 8);
            if (end64 > bytes_.size() || bytes_.size() - end64 < 56) return {};
            count = number(end64 + 32, 8);
            at = number(end64 + 48, 8);
        }
        std::vector<Member> all;
        for (std::uint64_t k = 0; k < count; ++k) {
            if (at > bytes_.size() || bytes_.size() - at < header) return {};
            if (bytes_.substr(at, 4) != "PK\x01\x02") return {};
            if (!take(at, all.emplace_back())) return {};
        }
        return all;
    }

private:
    static constexpr std::uint64_t header = 46, local_header = 30;

    std::uint64_t number(std::uint64_t at, std::size_t size) const {
        std::uint64_t number = 0;
        for (std::size_t i = size; i-- > 0;)
            number = number << 8 | static_cast<unsigned char>(bytes_[at + i]);
        return number;
    }

    // An entry of the directory, and moves on behind it.
    bool take(std::uint64_t& at, Member& one) const {
        one.flags = static_cast<std::uint16_t>(number(at + 8, 2));
        one.method = static_cast<std::uint16_t>(number(at + 10, 2));
        one.checksum = static_cast<std::uint32_t>(number(at + 16, 4));
        one.packed = number(at + 20, 4);
        one.size = number(at + 24, 4);
        std::uint64_t local = number(at + 42, 4);
        const std::uint64_t name = number(at + 28, 2), extra = number(at + 30, 2),
                            comment = number(at + 32, 2);
        if (bytes_.size() - at < header + name + extra + comment) return false;
        one.name = bytes_.substr(at + header, name);
        take_large(bytes_.substr(at + header + name, extra), one, local);
        at += header + name + extra + comment;
        if (local > bytes_.size() || bytes_.size() - local < local_header) return false;
        one.at = local + local_header + number(local + 26, 2) + number(local + 28, 2);
        return one.at <= bytes_.size() && one.packed <= bytes_.size() - one.at;
    }

    // Numbers that need eight bytes stand in an extra field, in this order.
    void take_large(std::string_view extra, Member& one, std::uint64_t& local) const {
        constexpr std::uint64_t elsewhere = 0xffffffff;
        const ZipDirectory fields(extra);
        for (std::size_t at = 0; at + 4 <= extra.size();) {
            const std::uint64_t id = fields.number(at, 2), length = fields.number(at + 2, 2);
            at += 4;
            if (id == 1) {
                std::size_t place = at;
                for (std::uint64_t* large : {&one.size, &one.packed, &local}) {
                    if (*large != elsewhere || place + 8 > std::min(at + length, extra.size()))
                        continue;
                    *large = fields.number(place, 8);
                    place += 8;
                }
            }
            at += length;
        }
    }

    std::string_view bytes_;
};

// Inflates what deflate has packed; empty when it is damaged.
std::string inflated(std::string_view packed, std::size_t size) {
    std::string bytes(size, '\0');
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return {};
    int status = Z_OK;
    std::size_t taken = 0, made = 0;
    constexpr std::size_t most = std::size_t{1} << 30;  // zlib counts in 32 bits
    while (status == Z_OK) {
        const std::size_t in = std::min(packed.size() - taken, most),
                          out = std::min(size - made, most);
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data() + taken));
        stream.avail_in = static_cast<uInt>(in);
        stream.next_out = reinterpret_cast<Bytef*>(bytes.data() + made);
        stream.avail_out = static_cast<uInt>(out);
        status = inflate(&stream, Z_NO_FLUSH);
        taken += in - stream.avail_in;
        made += out - stream.avail_out;
    }
    inflateEnd(&stream);
    if (status != Z_STREAM_END || made != size) return {};
    return bytes;
}

std::uint32_t crc_of(std::string_view bytes) {
    return static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

// The bytes of a member. Deflate packs no more than 1032 to 1: what says more is damaged, and takes
// no memory.
std::string unpacked(std::string_view file, const Member& member, const std::string& what,
                     const Where& where) {
    constexpr std::uint64_t most_to_one = 1032, stored = 0, deflated = 8;
    const std::string_view packed = file.substr(member.at, member.packed);
    if ((member.flags & 1) != 0 || (member.method != stored && member.method != deflated))
        reject(where,
               fmt::format("{} is {}; expected arrays that are stored or deflated, as "
                           "numpy.savez and numpy.savez_compressed do",
                           what, (member.flags & 1) != 0 ? "encrypted" : "packed otherwise"));
    std::string bytes;
    if (member.method == stored)
        bytes = packed;
    else if (member.size <= most_to_one * (member.packed + 1))
        bytes = inflated(packed, member.size);
    if (bytes.size() != member.size || crc_of(bytes) != member.checksum)
        reject(where, fmt::format("{} is damaged", what));
    return bytes;
}

}  // namespace

DataSet read_npz(const std::string& path, const std::string& name, const Where& where) {
    constexpr char npz_file[] = "an .npz file, as numpy.savez writes it";
    const std::string file =
        read_bytes(path, most_bytes_of_npz, name.empty() ? "an .npy file" : npz_file, where);
    refuse_gzip(file, path, npz_file, where);
    if (name.empty()) return parse_npy(file, fmt::format("\"{}\"", path), where);
    const std::optional<std::vector<Member>> members = ZipDirectory(file).members();
    if (!members) reject(where, fmt::format("\"{}\" is no whole zip; expected {}", path, npz_file));
    const std::string what = fmt::format("\"{}\" of \"{}\"", name, path);
    std::vector<std::string> names;
    for (const Member& one : *members) {
        if (one.name == name + ".npy")
            return parse_npy(unpacked(file, one, what, where), what, where);
        if (one.name.ends_with(".npy")) names.push_back(one.name.substr(0, one.name.size() - 4));
    }
    reject(where, fmt::format("\"{}\" has no array \"{}\".{}", path, shortened(name),
                              did_you_mean(name, names)));
}

}  // namespace apical
