package org.layerwise.bench;

import org.layerwise.base.file.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.extraction.RepresentationExtractor;
import org.layerwise.base.Progress;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.RowPadding;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.TensorEngine;

/**
 * How many tokens a batch suit the processor: extracts representations with several budgets in turn and prints the shortest
 * time of each. Arguments: {@code WIDTH TYPE SAMPLES ROUNDS [FILE COLUMN]}, for example {@code 384 F32 128 5}; without a file
 * the sample definitions. The numbers in {@link Batches} come from here.
 */
public final class Budgets {

    private Budgets() {}

    public static void main(String[] arguments) throws Exception {
        int width = Integer.parseInt(arguments[0]);
        DType type = DType.valueOf(arguments[1]);
        int samples = Integer.parseInt(arguments[2]);
        int rounds = Integer.parseInt(arguments[3]);
        Path folder = Files.createTempDirectory("layerwise-bench");
        TensorEngine engine = TensorEngine.start();
        try (TransformerModel model = BenchData.model(engine, folder, width, type)) {
            TokenizedDataset data = arguments.length > 4
                    ? BenchData.rows(folder, arguments[4], arguments[5], samples)
                    : BenchData.rows(folder, "", "", samples);
            RowPadding padding = model.config().rowPadding();
            Map<String, List<Batch>> ways = new LinkedHashMap<>();
            for (int budget = 128; budget <= 4096; budget *= 2) {
                ways.put("%d tokens".formatted(budget), Batches.byTokens(data, padding, budget));
            }
            for (int overhead = 16; overhead <= 512; overhead *= 2) {
                ways.put("overhead %d".formatted(overhead), Batches.cheapest(data, padding, overhead, 2048));
            }
            ways.put("overhead 128 to 1024", Batches.cheapest(data, padding, 128, 1024));
            ways.put("for the device", Batches.forDevice(data, model.config(), model.device(), type));
            ways.put("longest of 8", Batches.inOrder(data, padding, 8));
            ways.put("longest of 32", Batches.inOrder(data, padding, 32));
            double[] shortest = new double[ways.size()];
            Arrays.fill(shortest, Double.POSITIVE_INFINITY);
            RepresentationExtractor extractor = new RepresentationExtractor(model);
            for (int round = 0; round <= rounds; round++) {
                int at = 0;
                for (List<Batch> batches : ways.values()) {
                    long start = System.nanoTime();
                    extractor.extract(data, batches, Position.FIRST, false, Progress.none());
                    shortest[at] = round == 0 ? shortest[at] : Math.min(shortest[at], (System.nanoTime() - start) / 1e6);
                    at++;
                }
            }
            int tokens = data.rows().stream().mapToInt(row -> row.length()).sum();
            System.out.printf(
                    Locale.ROOT, "width %d, %s, %d rows, %d tokens%n", width, type, data.size(), tokens);
            int at = 0;
            for (Map.Entry<String, List<Batch>> way : ways.entrySet()) {
                System.out.printf(
                        Locale.ROOT,
                        "%20s %8.1f ms in %d batches of %d tokens together%n",
                        way.getKey(),
                        shortest[at++],
                        way.getValue().size(),
                        way.getValue().stream()
                                .mapToInt(batch -> batch.tokens().ids().length)
                                .sum());
            }
        } finally {
            Folders.delete(folder);
        }
    }
}
