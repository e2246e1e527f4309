package org.layerwise.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;

/** The tiny BERT of the fixtures with its sixteen labelled rows. */
public final class GoldenBert {

    private GoldenBert() {}

    public static TransformerModel model(TensorEngine engine) {
        return TransformerModel.load(engine, Checkpoint.open(Golden.folder("bert")), Engines.device(), Progress.none());
    }

    /** The rows without their padding. */
    public static TokenizedDataset data() {
        try (SafetensorsFile golden = SafetensorsFile.open(Golden.folder("bert").resolve("golden.safetensors"))) {
            TokenBatch batch = Golden.batch(golden);
            List<TokenRow> rows = new ArrayList<>();
            for (int row = 0; row < batch.size(); row++) {
                int start = row * batch.length();
                int length = (int) Arrays.stream(batch.mask(), start, start + batch.length())
                        .sum();
                rows.add(new TokenRow(
                        Arrays.copyOfRange(batch.ids(), start, start + length),
                        Arrays.copyOfRange(batch.typeIds(), start, start + length)));
            }
            int[] labels = Arrays.stream(Golden.longs(golden, "labels"))
                    .mapToInt(Math::toIntExact)
                    .toArray();
            return new TokenizedDataset("golden", rows, new Labels.Classes(labels, List.of()), 0, batch.length());
        }
    }
}
