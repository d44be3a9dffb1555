#include "sim/command_line/option_words.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace apical {

namespace {

// Arguments of functions and fields of requests, by the options that set them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 20> words_of_options = {{
    {"`against`", "--against"}, {"`at`", "--at"},         {"`block`", "--block"},
    {"`cells`", "--cells"},     {"`csv`", "--csv"},       {"`entries`", "--entries"},
    {"`folder`", "--folder"},   {"`force`", "--force"},   {"`log`", "--log"},
    {"`mean`", "--mean"},       {"`output`", "--output"}, {"`override`", "--set"},
    {"`phase`", "--phase"},     {"`seed`", "--seed"},     {"`settle`", "--settle"},
    {"`shard`", "--shard"},     {"`steps`", "--steps"},   {"`tolerance`", "--tolerance"},
    {"`trials`", "--trials"},   {"`width`", "--width"},
}};

// Functions and classes, by the commands that call them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> words_of_commands = {{
    {"`merge_sweep()`", "`apical sweep SWEEP --merge`"},
    {"`overview_text()`", "`apical inspect RUN`"},
    {"`plot_sweep()`", "`apical plot`"},
    {"`recover()`", "`apical recover`"},
    {"`report_text()`", "`apical report`"},
    {"`run_model()`", "`apical run`"},
    {"`SweepRun`", "`apical sweep`"},
    {"`write_csv()`", "`apical export csv`"},
}};

}  // namespace

std::string in_words_of_options(std::string text) {
    const auto say = [&](const auto& pairs) {
        for (const auto& [said, word] : pairs) {
            std::size_t at = text.find(said);
            for (; at != std::string::npos; at = text.find(said, at + word.size()))
                text.replace(at, said.size(), word);
        }
    };
    say(words_of_options);
    say(words_of_commands);
    return text;
}

}  // namespace apical
