# Debian packages (apical, apical-dev, python3-apical) and a tarball: `cpack` in the folder of a build. Pages for man are made
# from the help texts where help2man is there.
find_program(HELP2MAN help2man)
if(HELP2MAN)
    set(man ${PROJECT_BINARY_DIR}/man)
    add_custom_command(OUTPUT ${man}.stamp DEPENDS apical ${CMAKE_CURRENT_LIST_DIR}/man_pages.sh
        COMMAND ${CMAKE_CURRENT_LIST_DIR}/man_pages.sh $<TARGET_FILE:apical> ${HELP2MAN} ${man}
        COMMAND ${CMAKE_COMMAND} -E touch ${man}.stamp)
    add_custom_target(man_pages ALL DEPENDS ${man}.stamp)
    install(DIRECTORY ${man}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()

set(CPACK_PACKAGE_NAME apical)
set(CPACK_PACKAGE_VENDOR "The Apical developers")
set(CPACK_PACKAGE_CONTACT "The Apical developers <apical@users.noreply.github.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "simulator of neural circuits that learn")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_GENERATOR "DEB;TGZ")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL program development python)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_DEBUGINFO_PACKAGE OFF)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME apical)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "gnuplot-nox, libjs-dygraphs")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "graphviz, python3-apical")
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "Circuits of cells with compartments, synapses and gating interneurons are
written in TOML; every learning algorithm is a sum of local rules of plasticity.
Apical runs them, records their trajectories to HDF5, and says operation by
operation which of them a neural circuit could carry out.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libapical-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "apical (= ${PROJECT_VERSION}), libhdf5-dev, libfmt-dev, libtomlplusplus-dev, zlib1g-dev")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "The library of the simulator Apical, with its headers and a package for CMake:
models are loaded, run, audited and verified from programs in C++.")
set(CPACK_DEBIAN_PYTHON_PACKAGE_NAME python3-apical)
set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
set(CPACK_DEBIAN_PYTHON_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS "python3:any, python3-numpy, python3-h5py")
set(CPACK_DEBIAN_PYTHON_PACKAGE_RECOMMENDS "apical, python3-xarray, python3-pandas, python3-matplotlib")
set(CPACK_COMPONENT_PYTHON_DESCRIPTION "What the simulator Apical recorded, as arrays of numpy and xarray: run files,
also growing ones, and results of sweeps.")

# What Debian's policy wants of each package: its license, and a changelog that is packed.
find_program(GZIP gzip)
if(GZIP)
    set(changelog ${PROJECT_BINARY_DIR}/changelog.gz)
    add_custom_command(OUTPUT ${changelog} DEPENDS ${PROJECT_SOURCE_DIR}/CHANGELOG.md ${CMAKE_CURRENT_LIST_DIR}/debian_changelog.sh
        COMMAND ${CMAKE_CURRENT_LIST_DIR}/debian_changelog.sh ${PROJECT_VERSION} ${PROJECT_SOURCE_DIR} ${changelog})
    add_custom_target(changelog ALL DEPENDS ${changelog})
    foreach(one IN ITEMS program:apical development:libapical-dev python:python3-apical)
        string(REPLACE ":" ";" one ${one})
        list(GET one 0 component)
        list(GET one 1 name)
        install(FILES ${changelog} DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name} COMPONENT ${component})
        install(FILES ${CMAKE_CURRENT_LIST_DIR}/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name} COMPONENT ${component})
    endforeach()
endif()
include(CPack)
