package org.layerwise.cli.option;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.training.TrainingInputs;

/** Input files that settings name, as far as they exist, for checks that no output overwrites them. */
public final class InputFiles {

    private InputFiles() {}

    /** Returns the files that rows are read from; empty for a sample task. */
    public static List<Path> ofRows(DataSettings data) {
        return data.files();
    }

    /**
     * Returns the files of held-out rows.
     *
     * @param data settings by which the rows are read
     * @param named a file, or several files separated by commas; null for none
     */
    public static List<Path> ofHeldOut(DataSettings data, @Nullable String named) {
        return TrainingInputs.locations(named).stream()
                .flatMap(location -> data.with(location).files().stream())
                .toList();
    }

    /** Returns the files that an analysis is read from; accepts its folder or its file. */
    public static List<Path> ofAnalysis(Path named) {
        Path folder = AnalysisFolder.of(named);
        return List.of(AnalysisFolder.file(folder), folder.resolve(AnalysisFolder.GRAMS));
    }
}
