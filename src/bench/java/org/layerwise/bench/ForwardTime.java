package org.layerwise.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;

/**
 * Our side of {@code src/bench/python/forward.py}: forward passes of a decoder over rows of random tokens, without its head, one
 * for each line of the input. Arguments: {@code MODEL ROWS TOKENS}. Prints the milliseconds of each pass.
 */
public final class ForwardTime {

    private ForwardTime() {}

    public static void main(String[] arguments) throws IOException {
        int rows = Integer.parseInt(arguments[1]);
        int tokens = Integer.parseInt(arguments[2]);
        TensorEngine engine = TensorEngine.start();
        try (TransformerModel model =
                TransformerModel.load(engine, Checkpoint.open(Path.of(arguments[0])), Device.CPU, Progress.none())) {
            long[] ids = new Random(1)
                    .longs((long) rows * tokens, 3, model.config().vocabularySize())
                    .toArray();
            long[] mask = new long[ids.length];
            Arrays.fill(mask, 1);
            TokenBatch batch = new TokenBatch(rows, tokens, ids, new long[ids.length], mask, false, null);
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (input.readLine() != null) {
                long start = System.nanoTime();
                try (Scope scope = engine.inference()) {
                    model.transformer().forward(model.input(batch)).mean().item();
                }
                System.out.printf(Locale.ROOT, "%.1f%n", (System.nanoTime() - start) / 1e6);
                System.out.flush();
            }
        }
    }
}
