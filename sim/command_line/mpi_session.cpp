#include "sim/command_line/mpi_session.hpp"

#include <cstdlib>

#ifdef APICAL_MPI
#include <mpi.h>
#endif

namespace apical {

#ifdef APICAL_MPI

namespace {

bool mpi_is_begun() {
    int is_begun = 0;
    MPI_Initialized(&is_begun);
    return is_begun != 0;
}

// mpirun of OpenMPI, of MPICH, and srun.
bool started_by_mpirun() {
    return std::getenv("OMPI_COMM_WORLD_SIZE") || std::getenv("PMI_SIZE") ||
           std::getenv("PMIX_RANK");
}

}  // namespace

MpiSession::MpiSession() {
    if (mpi_is_begun() || !started_by_mpirun()) return;
    int provided = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided);
    begun_here_ = true;
}

MpiSession::~MpiSession() {
    if (begun_here_) MPI_Finalize();
}

void MpiSession::abort(ExitCode code) {
    if (mpi_is_begun()) MPI_Abort(MPI_COMM_WORLD, static_cast<int>(code));
}

#else

MpiSession::MpiSession() = default;
MpiSession::~MpiSession() = default;
void MpiSession::abort(ExitCode) {}

#endif

}  // namespace apical
