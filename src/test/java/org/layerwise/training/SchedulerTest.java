package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.base.Json;
import org.layerwise.testing.Golden;

/** Learning rates step by step against transformers. */
class SchedulerTest {

    private static final JsonNode GOLDEN = Json.read(Golden.folder("schedules.json"));

    static Stream<Arguments> schedules() {
        return Stream.of(Scheduler.values())
                .flatMap(scheduler -> Stream.of(0, 4, 7).map(warmup -> Arguments.of(scheduler, warmup)));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void equalsTransformers(Scheduler scheduler, int warmup) {
        JsonNode rates =
                GOLDEN.path("lr_before_each_step").path("%s warmup=%d total=20".formatted(scheduler.id(), warmup));
        assertThat(rates).hasSize(20);
        for (int step = 0; step < 20; step++) {
            assertThat(GOLDEN.path("base_lr").asDouble() * scheduler.factor(step, warmup, 20))
                    .isCloseTo(rates.path(step).asDouble(), within(1e-9));
        }
    }
}
