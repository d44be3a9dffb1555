#include "sim/sweep/result_column.hpp"

#include <algorithm>
#include <cstring>

#include "sim/run_file/format.hpp"

namespace apical {

namespace {

NewDataset named(const std::string& path, NewDataset::Type type, std::size_t rows,
                 const std::string& description) {
    NewDataset dataset;
    dataset.path = path;
    dataset.type = type;
    dataset.chunk = {std::max<std::size_t>(1, rows)};
    dataset.attributes = {{dataset_attribute::long_name, description}};
    return dataset;
}

template <class Number>
std::vector<char> bytes_of(const std::vector<Number>& numbers) {
    std::vector<char> bytes(numbers.size() * sizeof(Number));
    if (!bytes.empty()) std::memcpy(bytes.data(), numbers.data(), bytes.size());
    return bytes;
}

}  // namespace

Column column_of(const std::string& path, const std::vector<double>& numbers,
                 const std::string& description) {
    return {named(path, NewDataset::Type::real, numbers.size(), description), numbers.size(),
            bytes_of(numbers)};
}

Column column_of(const std::string& path, const std::vector<std::int64_t>& numbers,
                 const std::string& description) {
    return {named(path, NewDataset::Type::integer, numbers.size(), description), numbers.size(),
            bytes_of(numbers)};
}

Column column_of(const std::string& path, const std::vector<std::string>& texts,
                 const std::string& description) {
    return {named(path, NewDataset::Type::free_text, texts.size(), description),
            texts.size(),
            {},
            texts};
}

}  // namespace apical
