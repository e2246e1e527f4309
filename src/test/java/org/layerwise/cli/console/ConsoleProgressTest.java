package org.layerwise.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.layerwise.base.CancelledException;

class ConsoleProgressTest {

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicLong clock = new AtomicLong();
    private final Cancellation cancellation = new Cancellation();

    @Test
    void withoutATerminalAStageIsOneLine() {
        ConsoleProgress progress = progress(false);

        progress.report(-1, "Reading rows");
        for (int i = 1; i <= 50; i++) {
            progress.report(i / 50.0, "Step %s of 50".formatted(i));
        }
        progress.report(1, "Writing");

        assertThat(said().lines()).containsExactly("Reading rows", "  2 %  Step 1 of 50", "100 %  Writing");
    }

    @Test
    void secretsThatAServerRepeatsAreHidden() {
        ConsoleProgress progress = progress(false);

        progress.report(-1, "https://ada:lovelace@hub is busy; trying again");
        progress.note("sent ?token=abcdef");

        assertThat(said().lines()).containsExactly("https://***@hub is busy; trying again", "sent ?token=***");
    }

    @Test
    void aLongStageIsHeardOfNowAndThen() {
        ConsoleProgress progress = progress(false);

        progress.report(0.1, "Step 1");
        clock.addAndGet(Duration.ofSeconds(14).toNanos());
        progress.report(0.2, "Step 2");
        clock.addAndGet(Duration.ofSeconds(2).toNanos());
        progress.report(0.3, "Step 3");

        assertThat(said().lines()).containsExactly(" 10 %  Step 1", " 30 %  Step 3");
    }

    @Test
    void aTerminalShowsABarAndTheNotesAtOnceAboveIt() {
        try (ConsoleProgress progress = progress(true)) {
            progress.report(0.5, "Step 3");
            progress.note("half of it");
            // the line is long enough to cover the bar
            assertThat(said()).containsPattern("\rhalf of it {69,}\\R");
        }

        assertThat(said()).contains("Train", "50 %", "Step 3");
        assertThat(out.size()).isZero();
    }

    @Test
    void aBarThatIsClosedIsNotDrawnAgain() {
        ConsoleProgress progress = progress(true);
        progress.report(0.5, "Step 3");
        progress.close();
        String closed = said();

        progress.close();

        assertThat(said()).isEqualTo(closed);
    }

    @Test
    void whatARemarkQuotesCannotSteerTheTerminal() {
        ConsoleProgress progress = progress(false);

        progress.report(-1, "Reading \u001B[2J");
        progress.note("Read \u0007");

        assertThat(said().lines()).containsExactly("Reading \\u001B[2J", "Read \\u0007");
    }

    @Test
    void aBarIsExactlyAsWideAsTold() {
        BarLine line = new BarLine(false);

        assertThat(line.line("Train", 0.5, Duration.ofSeconds(75), "Step 3", 70))
                .hasSize(70)
                .startsWith("Train ############............  50 %  1:15  Step 3 ");
        assertThat(line.line("Train", 1, Duration.ZERO, "x".repeat(200), 70)).hasSize(70);
        assertThat(line.line("Train", 1, Duration.ZERO, "x".repeat(200), 20)).hasSize(20);
    }

    @Test
    void aLongMessageTakesRoomFromTheBarAndThenLosesItsMiddle() {
        BarLine line = new BarLine(true);
        String message = "Downloading org/name, 1.2 GiB of 4.9 GiB, 35 MiB a second, 2 min left";

        assertThat(line.line("Train", 0, Duration.ZERO, message, 100))
                .startsWith("Train " + "░".repeat(11) + "   0 %")
                .endsWith(message);
        assertThat(line.line("Train", 0, Duration.ZERO, message, 70))
                .startsWith("Train " + "░".repeat(10) + "   0 %  0:00  Downloading o…")
                .endsWith("iB a second, 2 min left")
                .hasSize(70);
    }

    @Test
    void theWidthIsThatOfTheShellOrTheUsualOne() {
        assertThat(ConsoleProgress.columns(null)).isEqualTo(80);
        assertThat(ConsoleProgress.columns("wide")).isEqualTo(80);
        assertThat(ConsoleProgress.columns("132")).isEqualTo(132);
        assertThat(ConsoleProgress.columns("10")).isEqualTo(40);
    }

    @Test
    void aRequestToStopIsPassedOn() {
        ConsoleProgress progress = progress(false);
        progress.check();

        cancellation.request();

        assertThatThrownBy(progress::check).isInstanceOf(CancelledException.class);
    }

    private ConsoleProgress progress(boolean terminal) {
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                false);
        return new ConsoleProgress(console, cancellation, "Train", clock::get);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
