package org.layerwise.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.generation.GenerationSettings;
import org.layerwise.generation.Generator;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TaskModel;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * Our side of {@code src/bench/python/generate.py}: decoding steps of rows of random tokens, one for each line of the input.
 * Arguments: {@code MODEL DTYPE ROWS TOKENS}. Prints the milliseconds of each step and, at the end, the largest resident memory
 * in MiB.
 */
public final class GenerationTime {

    private static final int STEPS = 1000;

    private GenerationTime() {}

    public static void main(String[] arguments) throws IOException {
        DType type = arguments[1].equals("bf16") ? DType.BF16 : DType.F32;
        int rows = Integer.parseInt(arguments[2]);
        int tokens = Integer.parseInt(arguments[3]);
        TensorEngine engine = TensorEngine.start();
        ModelBlueprint blueprint = ModelBlueprint.read(engine, Checkpoint.open(Path.of(arguments[0])));
        try (TransformerModel base =
                        TransformerModel.loadPacked(engine, blueprint, Device.CPU, type, Progress.none());
                TensorOwner owner = engine.owner()) {
            TaskModel model = new TaskModel.Plain(base, base.languageModelHead(owner));
            new Generator(model, Set.of(), null)
                    .generate(prompts(base, rows, tokens), GenerationSettings.greedy(STEPS), rows, new Turns());
        }
    }

    private static TokenizedDataset prompts(TransformerModel base, int count, int tokens) {
        Random random = new Random(1);
        List<TokenRow> rows = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            rows.add(new TokenRow(
                    random.longs(tokens, 3, base.config().vocabularySize()).toArray(), null));
        }
        return new TokenizedDataset("random", rows, new Labels.None(), 0, tokens);
    }

    /** Steps that wait for a line of the input; the end of the input ends the process. */
    private static final class Turns implements Progress {

        private final TurnInput input = new TurnInput();
        private boolean begun;

        /** Receives the report before the prompts, then one before each step. */
        @Override
        public void report(double fraction, String message) {
            if (fraction > 0) {
                if (begun) {
                    input.printTime();
                }
                begun = true;
                input.await();
            }
        }

        @Override
        public boolean cancelled() {
            return false;
        }
    }
}
