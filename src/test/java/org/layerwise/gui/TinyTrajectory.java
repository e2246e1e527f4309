package org.layerwise.gui;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.similarity.Cosine;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.comparison.CheckpointSimilarity;
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
            Trajectory trajectory = new Trajectory(
                    checkpoints, analyses, List.of(similarity(analyses.get(0).layers())));
            TrajectoryFolder.write(trajectory, folder);
            return trajectory;
        }
    }

    /** Returns a similarity that falls from the first checkpoint to the second in the upper layers; the first layer is undefined. */
    private static CheckpointSimilarity similarity(int layers) {
        List<Similarity> same = IntStream.range(0, layers)
                .<Similarity>mapToObj(
                        layer -> layer == 0 ? new Similarity.Undefined("Constant at step 0.") : new Similarity.Value(1))
                .toList();
        List<Similarity> changed = IntStream.range(0, layers)
                .<Similarity>mapToObj(layer -> layer == 0
                        ? new Similarity.Undefined("Constant at step 0.")
                        : new Similarity.Value(1 - 0.3 * layer / layers))
                .toList();
        return new CheckpointSimilarity(LinearCka.MEASURE, List.of(same, changed), List.of(changed, same));
    }

    private static TrainingCheckpoints.One one(Path folder, String name) {
        return new TrainingCheckpoints.One(name, folder.resolve("steps").resolve(name));
    }
}
