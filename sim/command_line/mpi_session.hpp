#pragma once

#include "circuits/text/error.hpp"

namespace apical {

// While it lives, MPI is begun, when the environment says that `mpirun` started this process. MPI
// that somebody else has begun is used as it is, and left to who began it. Does nothing when the
// program was built without MPI.
class MpiSession {
public:
    MpiSession();
    ~MpiSession();
    MpiSession(const MpiSession&) = delete;
    MpiSession& operator=(const MpiSession&) = delete;

    // Ends the processes of all ranks. Does nothing before MPI was begun.
    static void abort(ExitCode code);

private:
    bool begun_here_ = false;
};

}  // namespace apical
