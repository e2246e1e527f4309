package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import javafx.scene.control.Spinner;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.engine.Engine;
import org.testfx.util.WaitForAsyncUtils;

/** Sets up the GPU in the window, on an engine without one. */
class ComputeUiTest extends WindowTest {

    private final InventedEngine engine = new InventedEngine(5);

    @Override
    protected Engine engine() {
        return engine;
    }

    @BeforeEach
    void open() {
        push(KeyCode.CONTROL, KeyCode.COMMA);
        await("the engine is known", () -> words("#compute-libtorch").equals("2.7.1 (cpu)"));
    }

    @Test
    void theWholeSetUp() throws Exception {
        Pictures pictures = new Pictures(this);
        assertThat(visible("#compute-cpu")).isFalse();
        assertThat(words("#compute-chosen")).contains("those for the CPU");
        assertThat(visible("#compute-restart")).isFalse();
        pictures.both("80-compute");

        files.choose(Path.of("/home/reader/bad"));
        clickOn("#compute-choose");
        await("the reason is said", () -> visible(".problem-bar"));
        pictures.both("81-compute-refused");

        engine.gpuSetup().slow(true);
        files.choose(Path.of("/home/reader/torch-2.7.1"));
        clickOn("#compute-choose");
        await("it is being checked", () -> words("#compute-message").startsWith("starting libtorch"));
        pictures.both("82-compute-checking");
        clickOn("#compute-cancel");
        await("it has stopped", () -> !visible("#compute-cancel"));
        assertThat(words("#compute-chosen")).contains("those for the CPU");

        engine.gpuSetup().slow(false);
        clickOn("#compute-choose");
        await("it is accepted", () -> visible("#compute-accepted"));
        await("a restart is offered", () -> visible("#compute-restart"));
        assertThat(words("#compute-accepted")).contains("starts with CUDA 12.6", "finds no GPU");
        assertThat(words("#compute-chosen")).contains("libtorch 2.7.1+cu126 in /home/reader/torch-2.7.1");
        pictures.both("83-compute-accepted");

        clickOn("#compute-cpu");
        await("the CPU is chosen", () -> words("#compute-chosen").contains("those for the CPU"));
        clickOn("#compute-ask");
        await("the size is said", () -> visible("#compute-plan"));
        assertThat(words("#compute-plan")).contains("1.6\u00a0GiB");
        pictures.both("84-compute-download");
        clickOn("#compute-download");
        await("it is there", () -> words("#compute-chosen").contains("libtorch/2.7.1-cu128"));
    }

    @Test
    void threadsAndTheCommand() throws Exception {
        clickOn("#compute-copy");
        assertThat(WaitForAsyncUtils.waitForAsyncFx(
                        2000, () -> Clipboard.getSystemClipboard().getString()))
                .isEqualTo("pip install --target DIR torch==2.7.1");
        interact(() -> lookup("#compute-threads-auto").query().requestFocus());
        push(KeyCode.SPACE);
        await("a number is chosen", () -> engine.gpuSetup().settings().threads().isPresent());
        Spinner<Integer> number = lookup("#compute-threads").query();
        interact(() -> number.getValueFactory().setValue(7));
        await("it is saved", () -> engine.gpuSetup().settings().threads().orElse(0) == 7);
        push(KeyCode.ESCAPE);
        await("it is closed", () -> !visible("#compute-libtorch"));
    }

    @Test
    void whatIsNotUsedIsSaidInTheStatusBarToo() throws Exception {
        push(KeyCode.ESCAPE);
        engine.gpuSetup()
                .note(
                        "The libraries in /opt/torch were replaced since they were checked; check them again. The CPU is used meanwhile.");
        engine.gpuSetup().card(true);
        clickOn("#status-device");
        await("the note is there", () -> visible("#compute-note"));
        await("it is in the status bar", () -> words("#status-device").endsWith("GPU libraries not used"));
        new Pictures(this).both("85-compute-note");
    }

    @Test
    void restartClosesTheWindowAndAsksForAnotherStart() {
        files.choose(Path.of("/home/reader/torch-2.7.1"));
        clickOn("#compute-choose");
        await("a restart is offered", () -> visible("#compute-restart"));
        assertThat(windows.restarting()).isFalse();
        clickOn("#compute-restart");
        await("it is closed", () -> !stage.isShowing());
        assertThat(windows.restarting()).isTrue();
    }
}
