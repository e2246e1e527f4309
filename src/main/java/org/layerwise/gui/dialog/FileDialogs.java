package org.layerwise.gui.dialog;

import java.nio.file.Path;
import java.util.Optional;

/** Asks for files and folders. An interface, because native dialogs cannot be driven in tests. */
public interface FileDialogs {

    /** Where a folder or file was last chosen is remembered by what it was chosen for. */
    enum Purpose {
        MODEL,
        DATA,
        SELECTION,
        CHART,
        ANALYSIS,
        CONFIGURATION,
        ADAPTER,
        RUNS,
        STUDY,
        LIBRARIES
    }

    /** A folder to read; empty when people think better of it. */
    Optional<Path> openModelFolder();

    /** A table to read. */
    Optional<Path> openDataFile();

    /** A selection to read. */
    Optional<Path> openSelectionFile();

    /** A study to read. */
    Optional<Path> openStudyFile();

    /** The folder of a PEFT adapter to start from. */
    Optional<Path> openAdapterFolder();

    /** A configuration to read. */
    Optional<Path> openConfigurationFile();

    /** The folder of a saved analysis. */
    Optional<Path> openAnalysisFolder();

    /** A Python environment or a folder of libtorch. */
    Optional<Path> openLibrariesFolder();

    /** A private key for SSH. */
    Optional<Path> openKeyFile();

    /** A folder that a cluster sees, too. */
    Optional<Path> openSharedFolder();

    /** A folder of runs, or one of them. */
    Optional<Path> openRunsFolder();

    /** A folder to write into. */
    Optional<Path> folder(Purpose purpose);

    /** A file to write, with a name to start from, as people named it: see {@link SaveDialog}. */
    Optional<Path> save(Purpose purpose, String suggestedName);
}
