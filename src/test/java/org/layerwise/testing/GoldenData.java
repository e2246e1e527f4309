package org.layerwise.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.input.TokenBatch;

/** The rows of a fixture as a dataset. */
public final class GoldenData {

    private GoldenData() {}

    /** Without their padding and without labels. */
    public static TokenizedDataset rows(String fixture) {
        try (SafetensorsFile golden =
                SafetensorsFile.open(Golden.folder(fixture).resolve("golden.safetensors"))) {
            TokenBatch batch = Golden.batch(golden);
            List<TokenRow> rows = new ArrayList<>();
            for (int row = 0; row < batch.size(); row++) {
                int from = row * batch.length();
                int to = from;
                while (to < from + batch.length() && batch.mask()[to] == 1) {
                    to++;
                }
                long[] types = Arrays.copyOfRange(batch.typeIds(), from, to);
                rows.add(new TokenRow(
                        Arrays.copyOfRange(batch.ids(), from, to),
                        Arrays.stream(types).anyMatch(type -> type != 0) ? types : null));
            }
            return new TokenizedDataset(fixture, rows, new Labels.None(), 0, batch.length());
        }
    }
}
