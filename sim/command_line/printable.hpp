#pragma once

#include <ostream>
#include <streambuf>

namespace apical {

// While it lives, control characters that are written to a stream arrive as '?', but for the end of
// a line and tabs. What files hold is printed by on_one_line; this is for what forgets it.
class Printable : public std::streambuf {
public:
    explicit Printable(std::ostream& stream) : stream_(stream), behind_(stream.rdbuf(this)) {}
    ~Printable() override { stream_.rdbuf(behind_); }
    Printable(const Printable&) = delete;
    Printable& operator=(const Printable&) = delete;

private:
    static bool steers(char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
    }
    std::streamsize xsputn(const char* text, std::streamsize size) override {
        std::streamsize written = 0;
        while (written < size) {
            std::streamsize run = 0;
            while (written + run < size && !steers(text[written + run])) ++run;
            const std::streamsize taken = behind_->sputn(text + written, run);
            written += taken;
            if (taken < run) return written;
            if (written == size) break;
            if (behind_->sputc('?') == traits_type::eof()) return written;
            ++written;
        }
        return written;
    }
    int_type overflow(int_type c) override {
        if (c == traits_type::eof()) return sync() == 0 ? traits_type::not_eof(c) : c;
        return behind_->sputc(steers(traits_type::to_char_type(c)) ? '?'
                                                                   : traits_type::to_char_type(c));
    }
    int sync() override { return behind_->pubsync(); }

    std::ostream& stream_;
    std::streambuf* behind_;
};

}  // namespace apical
