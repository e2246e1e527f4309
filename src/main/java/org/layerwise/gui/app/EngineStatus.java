package org.layerwise.gui.app;

import static org.layerwise.gui.common.Messages.text;

import java.util.Locale;
import java.util.function.Consumer;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.scene.control.Button;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.Clipboards;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.preferences.ComputeView;
import org.layerwise.gui.preferences.ComputeViewModel;
import org.layerwise.install.torch.EngineFacts;
import org.layerwise.study.model.OpenModel;

/** Device in the status bar, and the window with the settings of the engine. */
final class EngineStatus {

    private static final double WIDTH = 680;
    private static final double HEIGHT = 720;

    private final ComputeViewModel compute;
    private final ReadOnlyObjectProperty<@Nullable OpenModel> model;
    private final SideWindow settings;

    /**
     * Creates the button and the settings window.
     *
     * @param model the open model; null if none is open
     * @param restart closes the program and starts it again
     * @param say shows a one-line message about a completed action
     */
    EngineStatus(
            Stage stage,
            ComputeViewModel compute,
            ReadOnlyObjectProperty<@Nullable OpenModel> model,
            FileDialogs files,
            Runnable restart,
            Consumer<String> say) {
        this.compute = compute;
        this.model = model;
        compute.watch(model);
        ComputeView.Offers offers = new ComputeView.Offers(
                files::openLibrariesFolder,
                words -> {
                    Clipboards.put(words);
                    say.accept(text("compute.copied"));
                },
                restart);
        settings = new SideWindow(stage, "compute.window", WIDTH, HEIGHT, close -> new ComputeView(compute, offers));
    }

    /** Sets the action of the F1 key in the engine settings. */
    void onHelp(Runnable action) {
        settings.onHelp(action);
    }

    /** Opens the engine settings. */
    void show() {
        compute.refresh();
        settings.show();
    }

    /** Creates a button with the device in use. The button opens the engine settings. */
    Button button() {
        Button button = Nodes.button("status-device", "", this::show);
        button.getStyleClass().add("status-link");
        button.setMnemonicParsing(false);
        Tooltips.set(button, text("compute.status.tip"));
        button.textProperty().bind(Bindings.createStringBinding(this::words, model, compute.factsProperty()));
        return button;
    }

    private String words() {
        OpenModel open = model.get();
        EngineFacts facts = compute.factsProperty().get();
        String words = open == null
                ? text("status.no.device")
                : text("status.device", open.card().device().toUpperCase(Locale.ROOT));
        return facts != null && facts.note().isPresent() ? text("compute.status.note", words) : words;
    }
}
