package org.layerwise.gui.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ActivityLogTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final ActivityLog log = new ActivityLog(Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void aLineIsOneLine() {
        log.add(ActivityLog.Kind.NOTE, " first\n   second\r\nthird\n");

        assertThat(log.entries())
                .containsExactly(new ActivityLog.Entry(NOW, ActivityLog.Kind.NOTE, "first second third"));
    }

    @Test
    void whatTellsMoreTellsItAlone() {
        log.logUnlessReported(() -> log.add(ActivityLog.Kind.NOTE, "told"), ActivityLog.Kind.DONE, "done");
        log.logUnlessReported(() -> {}, ActivityLog.Kind.DONE, "done");

        assertThat(log.entries()).extracting(ActivityLog.Entry::words).containsExactly("told", "done");
    }

    @Test
    void theOldestIsForgotten() {
        for (int i = 0; i < ActivityLog.MOST; i++) {
            log.add(ActivityLog.Kind.NOTE, "line " + i);
        }
        log.logUnlessReported(() -> log.add(ActivityLog.Kind.NOTE, "told"), ActivityLog.Kind.DONE, "done");

        assertThat(log.entries()).hasSize(ActivityLog.MOST);
        assertThat(log.entries().get(0).words()).isEqualTo("line 1");
        assertThat(log.entries().get(ActivityLog.MOST - 1).words()).isEqualTo("told");
    }
}
