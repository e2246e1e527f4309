package org.layerwise.gui;

import java.nio.file.Path;
import java.util.List;
import org.layerwise.analysis.similarity.Cosine;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.comparison.TrainingCheckpoints;
import org.layerwise.study.comparison.Trajectory;
import org.layerwise.study.comparison.TrajectoryFolder;
import org.layerwise.study.model.OpenModel;

/** A folder as {@code trajectory} writes it: two checkpoints, the analyses of which are of other rows. */
public final class TinyTrajectory {

    private TinyTrajectory() {}

    /** Writes the folder. */
    public static Trajectory write(TinyLab lab, Path folder) {
        AnalysisSettings settings = AnalysisSettings.defaults().with(List.of(LinearCka.MEASURE, Cosine.MEASURE));
        List<TrainingCheckpoints.One> checkpoints = List.of(one(folder, "step0"), one(folder, "step3000"));
        try (OpenModel model = lab.open("sample")) {
            List<Analysis> analyses = List.of(
                    lab.analyze(model, DataSettings.of("sample:definitions"), settings),
                    lab.analyze(model, DataSettings.of("sample:acceptability"), settings));
            for (int i = 0; i < analyses.size(); i++) {
                AnalysisFolder.writeData(
                        analyses.get(i).withoutGrams(), checkpoints.get(i).folder());
            }
            Trajectory trajectory = new Trajectory(checkpoints, analyses);
            TrajectoryFolder.write(trajectory, folder);
            return trajectory;
        }
    }

    private static TrainingCheckpoints.One one(Path folder, String name) {
        return new TrainingCheckpoints.One(name, folder.resolve("steps").resolve(name));
    }
}
