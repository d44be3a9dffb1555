#pragma once

#include <string>
#include <vector>

namespace apical {

// Folders that may hold the models that Apical comes with, nearest first, beside the program that
// runs: of an installed `apical`, and of one in its build tree. Empty in most other programs, which
// give `find_model` the folder that the CMake package calls apical_MODELS.
std::vector<std::string> shipped_folders();

// A model or sweep file that a command was given by its path or by the name of a shipped one.
struct NamedModel {
    std::string path;
    std::string note;  // what a user should know of the choice; mostly empty
};

// The names of all files of the first of these folders that has some, sweep files among them.
std::vector<std::string> names_of_shipped(const std::vector<std::string>& folders);

// "rflo" is models/rflo.toml that Apical comes with; so are the names of models/variants,
// models/ladder, models/rules, models/dynamics, models/circuits and models/literature, with their
// folder or without. A file of that path wins, or one of that name that ends in .toml in the folder
// at hand, and the note says so. What is neither stays as it is when it is a path. Throws
// Error{no_such_input} with the nearest names, when it can only be a name.
NamedModel find_model(const std::string& asked,
                      const std::vector<std::string>& folders = shipped_folders());

}  // namespace apical
