package org.layerwise.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.extraction.RepresentationExtractor;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.SampleModel;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/**
 * Our side of {@code src/bench/python/analysis.py}: representations and the similarity of all pairs of layers, several times.
 * Arguments: {@code FOLDER FILE COLUMN SAMPLES RUNS}; with {@code FOLDER} alone the sample model is put there. Prints the
 * milliseconds of the shortest run, and the CKA of consecutive layers.
 */
public final class ExtractionTime {

    private ExtractionTime() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        if (arguments.length == 1) {
            System.out.println(SampleModel.provide(folder, Progress.none()));
            return;
        }
        int runs = Integer.parseInt(arguments[4]);
        TensorEngine engine = TensorEngine.start();
        try (TransformerModel model = BenchData.model(engine, folder, Speed.WIDTH, DType.F32)) {
            TokenizedDataset data =
                    BenchData.rows(folder, arguments[1], arguments[2], Integer.parseInt(arguments[3]));
            double shortest = Double.POSITIVE_INFINITY;
            SimilarityMatrix similarity = analyse(engine, model, data);
            for (int run = 0; run < runs; run++) {
                long start = System.nanoTime();
                similarity = analyse(engine, model, data);
                shortest = Math.min(shortest, (System.nanoTime() - start) / 1e6);
            }
            System.out.printf(Locale.ROOT, "ours %.1f%n", shortest);
            System.out.println("cka " + consecutive(similarity));
        }
    }

    private static SimilarityMatrix analyse(TensorEngine engine, TransformerModel model, TokenizedDataset data) {
        Representations states =
                new RepresentationExtractor(model).extract(data, Position.FIRST, Progress.none());
        return new LinearCka(engine).allPairs(states, Device.CPU, Progress.none(), partial -> {});
    }

    private static String consecutive(SimilarityMatrix similarity) {
        return IntStream.range(1, similarity.size() - 1)
                .mapToObj(layer -> Double.toString(similarity.value(layer, layer + 1).orElse(Double.NaN)))
                .collect(Collectors.joining(" "));
    }
}
