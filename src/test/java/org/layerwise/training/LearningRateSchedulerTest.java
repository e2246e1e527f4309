package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.testing.Golden;
import org.layerwise.testing.Optimisers;

/** Learning rates step by step against transformers, and against the published formulas for any numbers of steps. */
class LearningRateSchedulerTest {

    private static final JsonNode GOLDEN = Json.read(Golden.folder("schedules.json"));
    private static final LearningRateScheduler.Shape GOLDEN_SHAPE = new LearningRateScheduler.Shape(3, 2, 1e-7);

    static Stream<Arguments> schedules() {
        return Stream.of(LearningRateScheduler.values())
                .flatMap(scheduler -> Stream.of(0, 4, 7).map(warmup -> Arguments.of(scheduler, warmup)));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void equalsTransformers(LearningRateScheduler scheduler, int warmup) {
        String more =
                switch (scheduler) {
                    case POLYNOMIAL -> " lr_end=1e-07 power=2.0";
                    case COSINE_WITH_RESTARTS -> " num_cycles=3";
                    default -> "";
                };
        JsonNode rates = GOLDEN.path("lr_before_each_step")
                .path("%s warmup=%s total=20%s".formatted(scheduler.id(), warmup, more));
        double highest = GOLDEN.path("base_lr").asDouble();
        TrainerSettings.Schedule schedule = new TrainerSettings.Schedule(scheduler, warmup, 20, GOLDEN_SHAPE);
        assertThat(rates).hasSize(20);
        for (int step = 0; step < 20; step++) {
            assertThat(highest * scheduler.factor(step, schedule, highest))
                    .isCloseTo(rates.path(step).asDouble(), within(1e-15));
        }
    }

    @Test
    void everyScheduleOfTheFileIsOneOfOurs() {
        assertThat(GOLDEN.path("lr_before_each_step")).hasSize(3 * LearningRateScheduler.values().length);
    }

    @Property
    void followsThePublishedFormulas(
            @ForAll @IntRange(min = 0, max = 40) int warmup,
            @ForAll @IntRange(min = 1, max = 120) int total,
            @ForAll @IntRange(min = 0, max = 119) int at,
            @ForAll @IntRange(min = 1, max = 5) int cycles,
            @ForAll @DoubleRange(min = 0.5, max = 4) double power) {
        int step = Math.min(at, total - 1);
        double rate = 3e-4;
        double end = 2e-5;
        LearningRateScheduler.Shape shape = new LearningRateScheduler.Shape(cycles, power, end);
        for (LearningRateScheduler scheduler : LearningRateScheduler.values()) {
            double factor = scheduler.factor(step, new TrainerSettings.Schedule(scheduler, warmup, total, shape), rate);
            if (scheduler != LearningRateScheduler.CONSTANT && step < warmup) {
                assertThat(factor).isCloseTo(1.0 * step / warmup, within(1e-12));
                continue;
            }
            double t = (step - warmup) / (double) (total - warmup);
            double expected =
                    switch (scheduler) {
                        case CONSTANT, CONSTANT_WITH_WARMUP -> 1;
                        case LINEAR -> 1 - t;
                        case COSINE -> (1 + Math.cos(Math.PI * t)) / 2;
                        case COSINE_WITH_RESTARTS -> {
                            double inCycle = t * cycles - Math.floor(t * cycles);
                            yield (1 + Math.cos(Math.PI * inCycle)) / 2;
                        }
                        case POLYNOMIAL -> ((rate - end) * Math.pow(1 - t, power) + end) / rate;
                        case INVERSE_SQRT ->
                            warmup == 0 ? Math.sqrt(10_000.0 / (10_000 + step)) : Math.sqrt((double) warmup / step);
                    };
            assertThat(factor).as(scheduler.id()).isCloseTo(expected, within(1e-12));
        }
    }

    @Test
    void aPolynomialMustEndBelowItsRate() {
        assertThatThrownBy(() -> new TrainerSettings(
                        Optimisers.of(1e-8, 0, 0),
                        new TrainerSettings.Schedule(
                                LearningRateScheduler.POLYNOMIAL, 0, 5, LearningRateScheduler.Shape.DEFAULTS),
                        new TrainerSettings.Grouping(1, 1, false),
                        0,
                        ModelConfig.Dropout.NONE,
                        TrainerSettings.Memory.DEFAULTS,
                        1))
                .isInstanceOf(UserException.class)
                .hasMessage("The learning rate must be above the 1.0E-7 that the polynomial ends at.");
    }
}
