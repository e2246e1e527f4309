package org.layerwise.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.checkpoint.hub.ModelReference;

/** The files that settings name, as far as they are there, for those who must not write over them. */
public final class InputFiles {

    private InputFiles() {}

    /** Those that rows are read from; none for a sample task. */
    public static List<Path> ofRows(DataSettings data) {
        return data.files();
    }

    /**
     * Those of rows that are only looked at.
     *
     * @param data how they are read
     * @param named a file, or several with commas between; null for none
     */
    public static List<Path> ofHeldOut(DataSettings data, @Nullable String named) {
        return TrainingReader.locations(named).stream()
                .flatMap(location -> data.with(location).files().stream())
                .toList();
    }

    /** The folder of a model; empty for the sample and a model of the hub. */
    public static Optional<Path> ofModel(String model) {
        return model.equals(ModelNames.SAMPLE) ? Optional.empty() : ModelReference.folder(model);
    }

    /** The files that an analysis is read from, where its folder or its file is named. */
    public static List<Path> ofAnalysis(Path named) {
        Path folder = AnalysisFolder.of(named);
        return List.of(AnalysisFolder.file(folder), folder.resolve(AnalysisFolder.GRAMS));
    }
}
