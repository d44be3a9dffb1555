#include "circuits/text/place_texts.hpp"

#include <algorithm>
#include <tuple>

#include "circuits/text/text.hpp"

namespace apical {

namespace {

void collect_texts(Value& value, std::vector<Value*>& texts) {
    if (std::holds_alternative<std::string>(value.content)) texts.push_back(&value);
    if (auto* array = std::get_if<Array>(&value.content)) {
        for (Value& element : *array) collect_texts(element, texts);
    }
    if (auto* table = std::get_if<Table>(&value.content)) {
        for (Entry& entry : table->entries) collect_texts(entry.value, texts);
    }
}

// A line break at the beginning, 0 when there is none.
std::size_t length_of_break(std::string_view text) {
    return text.starts_with("\r\n") ? 2 : text.starts_with('\n') ? 1 : 0;
}

// Whether the file goes on as the text does; "\r\n" is a line break as "\n" is.
bool goes_on_as(std::string_view file, std::string_view text) {
    for (; !text.empty(); text.remove_prefix(1)) {
        const std::size_t size = text[0] == '\n' ? length_of_break(file) : 1;
        if (size == 0 || file.empty() || (text[0] != '\n' && file[0] != text[0])) return false;
        file.remove_prefix(size);
    }
    return true;
}

// A walk through the file once, from place to place.
class FileWalk {
public:
    explicit FileWalk(std::string_view file) : rest_(file) {}

    // The file from the place on, which is behind the one before.
    std::string_view from(int line, int column) {
        for (; line_ < line && !rest_.empty(); ++line_, column_ = 1)
            rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size() - 1) + 1);
        for (; column_ < column && !rest_.empty(); ++column_)
            rest_.remove_prefix(std::max<std::size_t>(length_of_character(rest_), 1));
        return rest_;
    }

private:
    std::string_view rest_;
    int line_ = 1, column_ = 1;
};

// The start of the text whose opening quote `file` begins with.
TextStart start_of(const Where& quote, std::string_view file, const std::string& text) {
    const bool is_long = file.starts_with("'''") || file.starts_with("\"\"\"");
    if (!is_long && !file.starts_with('\'') && !file.starts_with('"')) return {};
    const int quotes = is_long ? 3 : 1;
    file.remove_prefix(static_cast<std::size_t>(quotes));
    TextStart start{quote.line, quote.column + quotes};
    if (const std::size_t size = length_of_break(file); is_long && size > 0) {
        file.remove_prefix(size);
        start = {quote.line + 1, 1};
    }
    return goes_on_as(file, text) ? start : TextStart{};
}

}  // namespace

void place_texts(Table& table, std::string_view file) {
    std::vector<Value*> texts;
    for (Entry& entry : table.entries) collect_texts(entry.value, texts);
    std::sort(texts.begin(), texts.end(), [](const Value* a, const Value* b) {
        return std::tie(a->where.line, a->where.column) < std::tie(b->where.line, b->where.column);
    });
    FileWalk walk(file);
    for (Value* value : texts) {
        const Where& where = value->where;
        value->start = start_of(where, walk.from(where.line, where.column),
                                std::get<std::string>(value->content));
    }
}

}  // namespace apical
