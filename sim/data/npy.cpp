#include <fmt/format.h>

#include <charconv>
#include <cstring>

#include "sim/data/npz.hpp"

namespace apical {

namespace {

constexpr std::string_view magic = "\x93NUMPY";

// The value of a key of the header, a Python literal "{'descr': '<f8', 'fortran_order': False,
// 'shape': (3, 2), }", up to what ends it.
std::string_view value_of_key(std::string_view header, std::string_view key,
                              std::string_view ends) {
    const std::size_t at = header.find(key);
    if (at == std::string_view::npos) return {};
    header.remove_prefix(at + key.size());
    const std::size_t colon = header.find(':');
    if (colon == std::string_view::npos) return {};
    header.remove_prefix(colon + 1);
    header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
    return header.substr(0, std::min(header.find_first_of(ends), header.size()));
}

std::vector<std::size_t> shape_in(std::string_view header, bool& is_known) {
    std::string_view list = value_of_key(header, "'shape'", ")");
    is_known = list.starts_with('(');
    list.remove_prefix(is_known ? 1 : list.size());
    std::vector<std::size_t> shape;
    while (is_known) {
        list.remove_prefix(std::min(list.find_first_not_of(" ,"), list.size()));
        if (list.empty()) break;
        std::size_t size = 0;
        const auto [at, failure] = std::from_chars(list.data(), list.data() + list.size(), size);
        is_known = failure == std::errc();
        list.remove_prefix(static_cast<std::size_t>(at - list.data()));
        shape.push_back(size);
    }
    return shape;
}

struct NpyHeader {
    std::string_view dtype;
    std::vector<std::size_t> shape;
    std::size_t size = 0;  // bytes before the numbers
};

NpyHeader header_of(std::string_view bytes, const std::string& what, const Where& where) {
    const auto byte = [&](std::size_t i) {
        return std::size_t{static_cast<unsigned char>(bytes[i])};
    };
    if (!bytes.starts_with(magic) || bytes.size() < 12)
        reject(where, fmt::format("{} is no array of numpy's; expected an .npy file", what));
    const bool is_first = byte(6) == 1;
    std::size_t length = byte(8) | byte(9) << 8;
    if (!is_first) length |= byte(10) << 16 | byte(11) << 24;
    NpyHeader header;
    header.size = (is_first ? 10 : 12) + length;
    if (byte(6) < 1 || byte(6) > 3 || header.size > bytes.size())
        reject(where, fmt::format("{} has a damaged header", what));
    const std::string_view text = bytes.substr(header.size - length, length);
    bool is_known = false;
    header.shape = shape_in(text, is_known);
    header.dtype = value_of_key(text, "'descr'", ",}");
    const std::string_view order = value_of_key(text, "'fortran_order'", ",}");
    if (!is_known || (order != "False" && order != "True"))
        reject(where, fmt::format("{} has a damaged header", what));
    if (order == "True" && header.shape.size() > 1)
        reject(where, fmt::format("{} lies in Fortran's order, column by column; expected that of "
                                  "C, as numpy.ascontiguousarray makes it",
                                  what));
    return header;
}

template <class Number>
void convert(std::string_view bytes, std::vector<double>& numbers) {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        Number number;
        std::memcpy(&number, bytes.data() + i * sizeof number, sizeof number);
        numbers[i] = static_cast<double>(number);
    }
}

struct Dtype {
    std::string_view name;
    std::size_t bytes;
    void (*convert)(std::string_view, std::vector<double>&);
};
constexpr Dtype dtypes[] = {
    {"'<f8'", 8, convert<double>},       {"'<f4'", 4, convert<float>},
    {"'<i8'", 8, convert<std::int64_t>}, {"'<i4'", 4, convert<std::int32_t>},
    {"'|u1'", 1, convert<std::uint8_t>}, {"'|b1'", 1, convert<std::uint8_t>},
};

const Dtype& dtype_of(const NpyHeader& header, const std::string& what, const Where& where) {
    for (const Dtype& one : dtypes)
        if (one.name == header.dtype) return one;
    reject(where,
           fmt::format("{} is of the dtype {}; expected '<f8', '<f4', '<i8', '<i4', '|u1' or "
                       "'|b1'",
                       what, shortened(header.dtype)));
}

}  // namespace

DataSet parse_npy(std::string_view bytes, const std::string& what, const Where& where) {
    NpyHeader header = header_of(bytes, what, where);
    const Dtype& dtype = dtype_of(header, what, where);
    bytes.remove_prefix(header.size);
    double count = 1.0;
    for (const std::size_t size : header.shape) count *= static_cast<double>(size);
    if (count * static_cast<double>(dtype.bytes) != static_cast<double>(bytes.size()))
        reject(where, fmt::format("{} has the shape [{}], {:.0f} bytes, and has {}: it is damaged",
                                  what, fmt::join(header.shape, ", "),
                                  count * static_cast<double>(dtype.bytes), bytes.size()));
    DataSet data{std::move(header.shape), std::vector<double>(bytes.size() / dtype.bytes)};
    dtype.convert(bytes, data.numbers);
    return data;
}

}  // namespace apical
