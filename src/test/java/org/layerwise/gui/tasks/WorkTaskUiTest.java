package org.layerwise.gui.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.ApplicationTest;
import org.testfx.util.WaitForAsyncUtils;

@Tag("window")
class WorkTaskUiTest extends ApplicationTest {

    @Test
    void remarksOfTheWorkStayInTheLog() {
        ActivityLog log = new ActivityLog(Clock.systemUTC());
        Work<String> work = Work.quiet("opening", progress -> {
            progress.part(0, 0.5).note("config.json was edited.");
            return "open";
        });

        new WorkTask<>(work, new PlatformFxExecutor(), log).run();

        WaitForAsyncUtils.waitForFxEvents();
        assertThat(log.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.kind()).isEqualTo(ActivityLog.Kind.NOTE);
            assertThat(entry.words()).isEqualTo("config.json was edited.");
        });
    }
}
