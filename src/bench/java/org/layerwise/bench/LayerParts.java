package org.layerwise.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.layerwise.base.file.Folders;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * The forward pass of one layer of a BERT in float32 and its parts one by one, with the bytes that each part moves beside the
 * machine's own rate of copying: what the products leave of a layer, and the limit that it meets. Arguments:
 * {@code [WIDTH [REPETITIONS]]}.
 */
final class LayerParts {

    private static final int REPETITIONS = 200;
    private static final int COPIED = 1 << 24;

    private final TensorEngine engine;
    private final int repetitions;
    private final Map<String, double[]> parts = new LinkedHashMap<>();

    private LayerParts(TensorEngine engine, int repetitions) {
        this.engine = engine;
        this.repetitions = repetitions;
    }

    public static void main(String[] arguments) throws IOException {
        int width = arguments.length > 0 ? Integer.parseInt(arguments[0]) : Speed.WIDER;
        int repetitions = arguments.length > 1 ? Integer.parseInt(arguments[1]) : REPETITIONS;
        Path folder = Files.createTempDirectory("layerwise-bench");
        TensorEngine engine = TensorEngine.start();
        try (TransformerModel model = BenchData.model(engine, folder, width, DType.F32)) {
            new LayerParts(engine, repetitions).measure(model, width);
        } finally {
            Folders.delete(folder);
        }
    }

    private void measure(TransformerModel model, int width) {
        TokenizedDataset data = TrainingArm.rows(TrainingArm.ROWS);
        int tokens = TrainingArm.ROWS * TrainingArm.TOKENS;
        int heads = model.config().layer(0).attention().heads();
        try (Scope scope = engine.inference()) {
            ModelInput input = model.input(Batches.byRows(data, model.config().rowPadding(), TrainingArm.ROWS)
                    .get(0)
                    .tokens());
            Tensor hidden = model.transformer().embed(input);
            Tensor wide = engine.cat(List.of(hidden, hidden, hidden, hidden), 2);
            Tensor heads4 = hidden.splitHeads(heads).contiguous();
            Tensor ones = engine.zeros(DType.F32, Device.CPU, width).add(1);
            Tensor large = engine.zeros(DType.F32, Device.CPU, COPIED);
            double elements = (double) tokens * width;
            Map<String, Runnable> works = new LinkedHashMap<>();
            Map<String, Double> bytes = new LinkedHashMap<>();
            works.put("the layer", () -> model.transformer().layer(0, hidden, input));
            for (Linear linear : model.transformer().linears(0)) {
                Tensor x = linear.in() == width ? hidden : wide;
                works.put("map " + linear.name().replaceFirst(".*layer\\.0\\.", ""), () -> linear.apply(x));
            }
            works.put("attention", () -> heads4.attention(heads4, heads4, null, 0, 1 / Math.sqrt(width / heads)));
            works.put("heads joined", () -> heads4.joinHeads().contiguous());
            works.put("gelu", wide::gelu);
            works.put("two additions", () -> hidden.add(hidden).add(hidden));
            works.put("two layer norms", () -> hidden.layerNorm(ones, ones, 1e-12).layerNorm(ones, ones, 1e-12));
            works.put("a copy of 64 MB", large::copy);
            bytes.put("heads joined", 2 * elements);
            bytes.put("gelu", 8 * elements);
            bytes.put("two additions", 6 * elements);
            bytes.put("two layer norms", 4 * elements);
            bytes.put("a copy of 64 MB", 2.0 * COPIED);
            inTurn(works);
            double sum = 0;
            for (Map.Entry<String, double[]> part : parts.entrySet()) {
                double milliseconds = part.getValue()[0];
                Double moved = bytes.get(part.getKey());
                sum += part.getKey().equals("the layer") || part.getKey().startsWith("a copy") ? 0 : milliseconds;
                System.out.printf(
                        Locale.ROOT,
                        "%-32s %7.3f ms%s%n",
                        part.getKey(),
                        milliseconds,
                        moved == null ? "" : "  %.1f GB/s".formatted(Float.BYTES * moved / milliseconds / 1e6));
            }
            System.out.printf(Locale.ROOT, "%-32s %7.3f ms%n", "all parts", sum);
        }
    }

    /** Runs all works in turn and keeps the shortest time of each, in milliseconds. */
    private void inTurn(Map<String, Runnable> works) {
        for (int round = 0; round < repetitions; round++) {
            works.forEach((name, work) -> {
                long begin = System.nanoTime();
                try (Scope inner = engine.scope()) {
                    work.run();
                }
                double taken = (System.nanoTime() - begin) / 1e6;
                parts.merge(name, new double[] {taken}, (was, is) -> is[0] < was[0] ? is : was);
            });
        }
    }
}
