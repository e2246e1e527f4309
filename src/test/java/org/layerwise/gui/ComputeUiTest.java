package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import javafx.scene.control.Spinner;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.layerwise.base.Progress;
import org.layerwise.install.torch.PlayedTorch;

/** Sets up the GPU in the window, on a computer without one. */
class ComputeUiTest extends WindowTest {

    private PlayedTorch torch;

    @Override
    protected TinyLab newLab() {
        torch = new PlayedTorch(home);
        return new TinyLab(home, torch);
    }

    @AfterEach
    void close() {
        torch.close();
    }

    private void open() {
        push(KeyCode.CONTROL, KeyCode.COMMA);
        await("the engine is known", () -> words("#compute-libtorch").equals("2.7.1 (cpu)"));
    }

    @Test
    void theWholeSetUp() throws Exception {
        open();
        Pictures pictures = new Pictures(this);
        assertThat(visible("#compute-cpu")).isFalse();
        assertThat(words("#compute-chosen")).contains("those for the CPU");
        assertThat(visible("#compute-restart")).isFalse();
        pictures.both("80-compute");

        files.choose(torch.torch("bad", "2.11.0+cu126"));
        clickOn("#compute-choose");
        await("the reason is said", () -> visible(".problem-bar"));
        pictures.both("81-compute-refused");

        torch.slow(true);
        files.choose(torch.torch("torch-2.7.1", "2.7.1+cu126"));
        clickOn("#compute-choose");
        await("it is being checked", () -> words("#compute-message").startsWith("starting libtorch"));
        pictures.both("82-compute-checking");
        clickOn("#compute-cancel");
        await("it has stopped", () -> !visible("#compute-cancel"));
        assertThat(words("#compute-chosen")).contains("those for the CPU");

        torch.slow(false);
        clickOn("#compute-choose");
        await("it is accepted", () -> visible("#compute-accepted"));
        await("a restart is offered", () -> visible("#compute-restart"));
        assertThat(words("#compute-accepted")).contains("starts with CUDA 12.6", "finds no GPU");
        assertThat(words("#compute-chosen")).contains("libtorch 2.7.1+cu126 in " + home.resolve("torch-2.7.1"));
        pictures.both("83-compute-accepted");

        clickOn("#compute-cpu");
        await("the CPU is chosen", () -> words("#compute-chosen").contains("those for the CPU"));
        clickOn("#compute-ask");
        await("the size is said", () -> visible("#compute-plan"));
        assertThat(words("#compute-plan")).contains("5 files, ", "\u00a0bytes packed");
        pictures.both("84-compute-download");
        clickOn("#compute-download");
        await("it is there", () -> words("#compute-chosen").contains("libtorch/2.7.1-cu128"));
    }

    @Test
    void threadsAndTheCommand() throws Exception {
        open();
        clickOn("#compute-copy");
        assertThat(onFx(() -> Clipboard.getSystemClipboard().getString()))
                .isEqualTo("pip install --target DIR torch==2.7.1");
        interact(() -> lookup("#compute-threads-auto").query().requestFocus());
        push(KeyCode.SPACE);
        await("a number is chosen", () -> torch.setup().settings().threads().isPresent());
        Spinner<Integer> number = lookup("#compute-threads").query();
        interact(() -> number.getValueFactory().setValue(7));
        await("it is saved", () -> torch.setup().settings().threads().orElse(0) == 7);
        push(KeyCode.ESCAPE);
        await("it is closed", () -> !visible("#compute-libtorch"));
    }

    @Test
    void whatIsNotUsedIsSaidInTheStatusBarToo() throws Exception {
        Path replaced = torch.torch("torch-2.7.1", "2.7.1+cu126");
        torch.setup().use(replaced, Progress.none());
        Files.writeString(replaced.resolve("torch/lib/libtorch_cuda.so"), "a newer build");
        clickOn("#status-device");
        await("the note is there", () -> visible("#compute-note"));
        assertThat(words("#compute-note")).startsWith("The libraries in " + replaced + " were replaced");
        await("it is in the status bar", () -> words("#status-device").endsWith("GPU libraries not used"));
        new Pictures(this).both("85-compute-note");
    }

    @Test
    void restartClosesTheWindowAndAsksForAnotherStart() {
        open();
        files.choose(torch.torch("torch-2.7.1", "2.7.1+cu126"));
        clickOn("#compute-choose");
        await("a restart is offered", () -> visible("#compute-restart"));
        assertThat(windows.restarting()).isFalse();
        clickOn("#compute-restart");
        await("it is closed", () -> !stage.isShowing());
        assertThat(windows.restarting()).isTrue();
    }
}
