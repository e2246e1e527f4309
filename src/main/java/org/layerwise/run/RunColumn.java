package org.layerwise.run;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.layerwise.settings.BestMetric;

/** Column that a table of runs can be sorted by. */
public enum RunColumn {
    CREATED(Comparator.comparing(overview -> overview.run().created())),
    NAME(Comparator.comparing(overview -> overview.run().folder().toString())),
    STATE(Comparator.comparing(overview -> overview.run().state())),
    MODEL(Comparator.comparing(overview -> overview.run().model())),
    DATA(Comparator.comparing(overview -> overview.run().data())),
    LAYERS(Comparator.comparing(overview -> overview.run().layers().size())),
    VARIANT(Comparator.comparing(RunOverview::variant)),
    TRAINABLE(lowFirst(overview -> number(overview.trainable()))),
    STEPS(lowFirst(RunOverview::steps)),
    VALIDATION(bestFirst(RunOverview::validation)),
    TEST(bestFirst(RunOverview::test)),
    SECONDS(lowFirst(RunOverview::seconds)),
    MEMORY(lowFirst(overview -> number(overview.memory())));

    private final Comparator<RunOverview> order;

    RunColumn(Comparator<RunOverview> order) {
        this.order = order;
    }

    /** Returns the name in flags. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the order of the column: small numbers first, the best metric first, runs without a value last. */
    public Comparator<RunOverview> order() {
        return order;
    }

    private static double number(Optional<Long> value) {
        return value.map(Long::doubleValue).orElse(Double.NaN);
    }

    /** Returns an ascending order in which NaN comes last, like {@link Double#compare}. */
    private static Comparator<RunOverview> lowFirst(ToDoubleFunction<RunOverview> value) {
        return Comparator.comparingDouble(value);
    }

    private static Comparator<RunOverview> bestFirst(Function<RunOverview, Optional<Double>> value) {
        return lowFirst(overview -> {
            double found = value.apply(overview).orElse(Double.NaN);
            return new BestMetric(overview.metric()).lessIsBetter() ? found : -found;
        });
    }
}
