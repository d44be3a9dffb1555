#include "sim/show/plot/canvas.hpp"

#include "sim/show/plot/script_text.hpp"
#include "sim/show/plot/text_width.hpp"

namespace apical {

std::string Canvas::place(double cm_x, double cm_y) const {
    return fmt::format("screen {:.5f}, screen {:.5f}", x(cm_x), y(cm_y));
}

void Canvas::add_margins(const Box& box) {
    add("set lmargin at screen {:.5f}\nset rmargin at screen {:.5f}\n", x(box.left), x(box.right));
    add("set bmargin at screen {:.5f}\nset tmargin at screen {:.5f}\n", y(box.bottom), y(box.top));
}

void Canvas::add_title(const std::vector<std::string>& lines, const Box& box) {
    double y = box.top + 0.26 + title_line_cm * static_cast<double>(lines.size());
    for (const std::string& line : lines)
        add("set label {} at {} left front\n", quoted(line), place(box.left, y -= title_line_cm));
}

void Canvas::add_y_label(const std::string& label, const Box& box) {
    add("set label {} at {} center rotate by 90 front\n",
        quoted(without_middle(label, (box.height() + 0.2) * small_font / 8.0)),
        place(box.left - y_label_, (box.bottom + box.top) / 2.0));
}

void Canvas::add_rectangle(const std::string& from, const std::string& to,
                           const std::string& colour, const char* layer) {
    add("set object rectangle from {} to {} {} fc rgb '{}' fs solid noborder\n", from, to, layer,
        colour);
}

}  // namespace apical
