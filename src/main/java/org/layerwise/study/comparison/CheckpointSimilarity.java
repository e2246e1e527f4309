package org.layerwise.study.comparison;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.GramsFile;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.similarity.GramMeasure;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.tensor.TensorEngine;

/**
 * Similarity of each layer's output at each checkpoint of a training to its output at the first and the last checkpoint, on the same
 * rows.
 *
 * @param measure measure of the similarity
 * @param toFirst for each checkpoint, the similarity of each layer's output to that of the first
 * @param toLast for each checkpoint, the similarity of each layer's output to that of the last
 */
public record CheckpointSimilarity(Measure measure, List<List<Similarity>> toFirst, List<List<Similarity>> toLast) {

    public CheckpointSimilarity {
        toFirst = toFirst.stream().map(List::copyOf).toList();
        toLast = toLast.stream().map(List::copyOf).toList();
    }

    /**
     * Computes the similarities by all measures that Gram matrices suffice for, one hidden state after the other.
     *
     * @param folders folder of the analysis of each checkpoint, all with the same settings and rows
     * @param layers number of layers
     * @return a similarity for each measure; empty if an analysis did not save its Gram matrices, since they were too large or no
     *     measure needs them
     * @throws org.layerwise.base.UserException if a file of Gram matrices is broken
     */
    static List<CheckpointSimilarity> of(
            List<Path> folders, int layers, AnalysisSettings settings, TensorEngine engine, Progress progress) {
        List<Path> files = folders.stream()
                .map(folder -> folder.resolve(AnalysisFolder.GRAMS))
                .toList();
        List<GramMeasure> measures = GramMeasure.among(settings.measures(), settings.options(), engine);
        if (measures.isEmpty()) {
            return List.of();
        }
        if (!files.stream().allMatch(Files::isRegularFile)) {
            progress.note("The checkpoints are not compared: the Gram matrices of so many rows are too large to keep.");
            return List.of();
        }
        int count = files.size();
        Similarity[][][] toFirst = new Similarity[measures.size()][count][layers];
        Similarity[][][] toLast = new Similarity[measures.size()][count][layers];
        for (int layer = 0; layer < layers; layer++) {
            progress.check();
            progress.report((double) layer / layers, "Similarity of the checkpoints, layer " + layer);
            int output = layer + 1;
            Grams first = read(files.get(0), output);
            Grams last = read(files.get(count - 1), output);
            for (int at = 0; at < count; at++) {
                progress.check();
                Grams here = at == 0 ? first : at == count - 1 ? last : read(files.get(at), output);
                for (int i = 0; i < measures.size(); i++) {
                    GramMeasure measure = measures.get(i);
                    toFirst[i][at][layer] = between(measure, here, first, progress);
                    toLast[i][at][layer] = between(measure, here, last, progress);
                }
            }
        }
        return IntStream.range(0, measures.size())
                .mapToObj(i -> new CheckpointSimilarity(measures.get(i).measure(), lists(toFirst[i]), lists(toLast[i])))
                .toList();
    }

    private static Grams read(Path file, int state) {
        try {
            return GramsFile.readState(file, state);
        } catch (UserException e) {
            throw new UserException(
                    "%s is broken; delete the folder %s and run layerwise trajectory again."
                            .formatted(file, file.getParent()),
                    e);
        }
    }

    private static Similarity between(GramMeasure measure, Grams one, Grams other, Progress progress) {
        return measure.between(one, other, progress.silent()).at(0, 0);
    }

    private static List<List<Similarity>> lists(Similarity[][] values) {
        return Stream.of(values).map(List::of).toList();
    }
}
