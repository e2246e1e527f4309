package org.layerwise.analysis.uncertainty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.similarity.GramComputation;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.base.Progress;
import org.layerwise.data.SamplingMode;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.tensor.Engines;

/**
 * How often the interval of linear CKA holds the value of all 18,488 rows of {@code sample:definitions}, for each layer of the sample
 * model, where n rows are drawn without replacement. The rows come from {@value #POOL} that are drawn from all; with
 * {@code -Dlayerwise.coverage=SETS} from all rows, that often for each n, which takes many minutes and prints the table of
 * measures.md.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SampleCoverageTest {

    private static final int POOL = 1536;
    private static final int SETS = 40;
    private static final int REPLICATES = 200;
    private static final String PROPERTY = "layerwise.coverage";
    private static final int ROWS = 18_488;

    /** Of layers 1 to 11; layer 0 is undefined, since every row starts with the same token. */
    private static final double[] OF_ALL_ROWS = {
        0.278801702,
        0.266979022,
        0.333980417,
        0.274676700,
        0.401216307,
        0.440466794,
        0.361029212,
        0.427147665,
        0.338336466,
        0.118820920,
        0.038333717
    };

    private final boolean whole = System.getProperty(PROPERTY) != null;
    private final int sets = Integer.getInteger(PROPERTY, SETS);
    private Representations pool;

    @BeforeAll
    void represent(@TempDir Path home) {
        try (Workbench workbench = TinyStudy.workbench(home);
                OpenModel model = workbench.openModel("sample", "cpu", Progress.none())) {
            DataSettings data = DataSettings.of(DataSettings.DEFINITIONS).withSamples(whole ? DataSettings.ALL : POOL);
            pool = TinyStudy.represent(
                    model,
                    TinyStudy.tokens(workbench, model, whole ? data : data.withSampling(SamplingMode.RANDOM, 1)),
                    Position.FIRST);
        }
        if (whole) {
            assertThat(pool.samples()).isEqualTo(ROWS);
            LayerImportance all = LayerImportance.of(
                    new LinearCka(Engines.shared()).allPairs(pool, Engines.device(), Progress.none(), partial -> {}));
            for (int i = 0; i < OF_ALL_ROWS.length; i++) {
                assertThat(all.of(i + 1).orElseThrow()).isCloseTo(OF_ALL_ROWS[i], within(1e-5));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64, 128, 256})
    void theIntervalHoldsTheValueOfAllRowsAsOftenAsItSays(int n) {
        int[] held = new int[OF_ALL_ROWS.length];
        BootstrapDraws draws = new BootstrapDraws(pool.samples(), n);
        for (int set = 0; set < sets; set++) {
            List<Interval> intervals = intervals(n, draws.permutation(), set);
            for (int i = 0; i < held.length; i++) {
                Interval interval = intervals.get(i + 1);
                held[i] += interval.low() <= OF_ALL_ROWS[i] && OF_ALL_ROWS[i] <= interval.high() ? 1 : 0;
            }
        }

        double mean = Arrays.stream(held).average().orElseThrow() / sets;
        if (whole) {
            System.out.printf(Locale.ROOT, "n=%d: mean %.3f, layers %s of %d%n", n, mean, Arrays.toString(held), sets);
        }
        assertThat(mean)
                .as("mean share of the layers, of %s", Arrays.toString(held))
                .isBetween(0.90, 0.98);
        assertThat(Arrays.stream(held).min().orElseThrow())
                .as("the layer that is held least often, of %s", Arrays.toString(held))
                .isGreaterThanOrEqualTo((int) Math.ceil(0.85 * sets));
    }

    /** As the command and the window show them. */
    private List<Interval> intervals(int n, int[] order, long seed) {
        int[] rows = Arrays.copyOf(order, n);
        List<Matrix> states = new ArrayList<>();
        for (Matrix state : pool.layers()) {
            float[] values = new float[n * state.columns()];
            for (int row = 0; row < n; row++) {
                System.arraycopy(
                        state.values(), rows[row] * state.columns(), values, row * state.columns(), state.columns());
            }
            states.add(new Matrix(n, state.columns(), values));
        }
        Grams grams = new GramComputation(Engines.shared())
                .of(new Representations(pool.position(), states), Engines.device(), Progress.none());
        LayerImportance importance =
                LayerImportance.of(new LinearCka(Engines.shared()).allPairs(grams, Progress.none(), partial -> {}));
        return IntervalCoverage.intervals(LinearCka.MEASURE, grams, importance, REPLICATES, seed);
    }
}
