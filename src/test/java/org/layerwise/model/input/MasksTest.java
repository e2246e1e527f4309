package org.layerwise.model.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** The bands of a long row show each token exactly the tokens that a single mask shows it. */
class MasksTest {

    private final TensorEngine engine = Engines.shared();

    /** Returns, for each row, query and key, true if the query sees the key. */
    private static boolean[][][] seen(Visibility visibility, int rows, int length) {
        boolean[][][] seen = new boolean[rows][length][length];
        for (Visibility.Band band : visibility.bands()) {
            Visibility keys = band.keys();
            int count = keys.endKey() - keys.firstKey();
            assertThat(keys.added()).isNotNull();
            long masks = keys.added().size(0);
            float[] added = keys.added()
                    .expand(rows, 1, (long) band.to() - band.from(), count)
                    .floats();
            assertThat(masks).isIn(1L, (long) rows);
            for (int i = 0; i < added.length; i++) {
                int row = i / count / (band.to() - band.from());
                int query = band.from() + i / count % (band.to() - band.from());
                seen[row][query][keys.firstKey() + i % count] = added[i] == 0;
            }
        }
        return seen;
    }

    @ParameterizedTest
    @CsvSource({
        "mistral_window, 1025, 0",
        "mistral_window, 1537, 100",
        "modernbert, 1025, 0",
        "modernbert, 1100, 70",
        "gemma2, 1030, 9"
    })
    void bandsShowWhatOneMaskShows(String fixture, int length, int padding) {
        ModelConfig config = ModelBlueprint.read(engine, Checkpoint.open(Golden.folder(fixture)))
                .config();
        boolean causal = config.direction() == ModelConfig.Direction.CAUSAL;
        long[] mask = new long[2 * length];
        Arrays.fill(mask, 1);
        Arrays.fill(mask, 2 * length - padding, 2 * length, 0);
        TokenBatch batch = new TokenBatch(2, length, new long[2 * length], new long[2 * length], mask, null);
        try (Scope scope = engine.inference()) {
            for (AttentionConfig attention : config.attentions()) {
                int window = attention.window();
                Visibility visibility = new Masks(engine, config, batch, Device.CPU, DType.F32)
                        .all()
                        .get(window);
                if (window == 0 && !causal) {
                    assertThat(visibility.bands()).isEmpty(); // padding alone, one number a key
                    continue;
                }
                assertThat(visibility.bands()).hasSize((length + 511) / 512);
                boolean[][][] seen = seen(visibility, 2, length);
                int reach = window == 0 ? length : causal ? window - 1 : window / 2;
                for (int row = 0; row < 2; row++) {
                    int end = row == 1 ? length - padding : length;
                    for (int query = 0; query < end; query++) {
                        for (int key = 0; key < end; key++) {
                            boolean near = Math.abs(query - key) <= reach && (!causal || key <= query);
                            assertThat(seen[row][query][key] == near).isTrue();
                        }
                        for (int key = end; key < length && !causal; key++) {
                            assertThat(seen[row][query][key]).isFalse();
                        }
                    }
                }
            }
        }
    }
}
