package org.layerwise.gui.common;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Asks the user for files and folders. Each method returns an empty value if the user cancels. An interface, because
 * tests cannot control native dialogs.
 */
public interface FileDialogs {

    /** Purpose of a dialog. The last folder is remembered for each purpose. */
    enum Purpose {
        MODEL,
        DATA,
        SELECTION,
        CHART,
        ANALYSIS,
        CONFIGURATION,
        ADAPTER,
        RUNS,
        EXPERIMENT,
        STUDY,
        LIBRARIES
    }

    /** Asks for a model folder to read. */
    Optional<Path> openModelFolder();

    /** Asks for a table to read. */
    Optional<Path> openDataFile();

    /** Asks for a selection file to read. */
    Optional<Path> openSelectionFile();

    /** Asks for a study to read. */
    Optional<Path> openStudyFile();

    /** Asks for the folder of a PEFT adapter to read. */
    Optional<Path> openAdapterFolder();

    /** Asks for a configuration file to read. */
    Optional<Path> openConfigurationFile();

    /** Asks for the folder of a saved analysis. */
    Optional<Path> openAnalysisFolder();

    /** Asks for a folder with the importance of layers over a training. */
    Optional<Path> openTrajectoryFolder();

    /** Asks for a folder with the checkpoints of a training, or the folder of a run. */
    Optional<Path> openCheckpointsFolder();

    /** Asks for a Python environment or a folder with libtorch. */
    Optional<Path> openLibrariesFolder();

    /** Asks for a private SSH key. */
    Optional<Path> openKeyFile();

    /** Asks for a folder that is also accessible from a cluster. */
    Optional<Path> openSharedFolder();

    /** Asks for a folder of runs, or for the folder of one run. */
    Optional<Path> openRunsFolder();

    /** Asks for the folder of an experiment. */
    Optional<Path> openExperimentFolder();

    /** Asks for a folder to write into. */
    Optional<Path> folder(Purpose purpose);

    /**
     * Asks for a file to write and returns the name as the user typed it. {@link SaveDialog} adds a missing extension.
     *
     * @param suggestedName initial file name
     */
    Optional<Path> save(Purpose purpose, String suggestedName);
}
