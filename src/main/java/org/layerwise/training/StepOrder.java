package org.layerwise.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.layerwise.data.token.TokenizedDataset;

/** Rows of each step of a training, in order, with which a trainer on another machine can take the same steps. */
public final class StepOrder {

    private StepOrder() {}

    /** Returns the rows of each step; those of its micro-batches follow one another. */
    public static List<int[]> of(TokenizedDataset data, TrainerSettings settings) {
        int total = settings.schedule().steps();
        int accumulate = settings.batches().accumulate();
        int perEpoch = settings.batches().stepsPerEpoch(data.size());
        List<int[]> steps = new ArrayList<>(total);
        List<int[]> batches = List.of();
        for (int step = 0; step < total; step++) {
            int inEpoch = step % perEpoch;
            if (inEpoch == 0) {
                batches = settings.batches().of(data, settings.seed(), step / perEpoch);
            }
            steps.add(
                    batches.subList(inEpoch * accumulate, Math.min(batches.size(), (inEpoch + 1) * accumulate)).stream()
                            .flatMapToInt(Arrays::stream)
                            .toArray());
        }
        return steps;
    }

    /** Returns the learning rate of A in each step. */
    public static double[] learningRates(TrainerSettings settings) {
        return IntStream.range(0, settings.schedule().steps())
                .mapToDouble(settings::learningRate)
                .toArray();
    }
}
