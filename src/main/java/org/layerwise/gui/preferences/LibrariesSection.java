package org.layerwise.gui.preferences;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.application.Platform;
import javafx.beans.binding.Bindings;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.install.torch.ComputeSettings;
import org.layerwise.install.torch.LibtorchDownloadPlan;
import org.layerwise.install.torch.TorchFolder;
import org.layerwise.install.torch.VerifiedLibraries;

/** Libraries for the GPU: the chosen ones, the sources of others, and the result of the last check. */
final class LibrariesSection extends VBox {

    private static final double PROGRESS_WIDTH = 160;

    private final ComputeViewModel compute;

    LibrariesSection(ComputeViewModel compute, Supplier<Optional<Path>> chooseFolder, Consumer<String> copy) {
        this.compute = compute;
        Label advice = Nodes.wrapped(Nodes.label(text("compute.advice"), "muted"));
        getStyleClass().add("way");
        getChildren().setAll(chosen(), advice, command(copy), buttons(chooseFolder), running(), found(), accepted());
    }

    private Node chosen() {
        return Nodes.sentence(
                "compute-chosen",
                compute.settingsProperty().map(ComputeSettings::gpu).map(gpu -> gpu.map(
                                set -> text("compute.chosen.gpu", set.version(), set.folder()))
                        .orElse(text("compute.chosen.cpu"))));
    }

    private static Node command(Consumer<String> copy) {
        TextField command = new TextField(TorchFolder.INSTALL);
        command.setId("compute-command");
        command.setEditable(false);
        command.getStyleClass().add("mono");
        command.setAccessibleText(text("compute.command"));
        HBox.setHgrow(command, Priority.ALWAYS);
        Button button = Nodes.iconButton(
                "compute-copy",
                Material2OutlinedAL.CONTENT_COPY,
                text("compute.copy"),
                () -> copy.accept(TorchFolder.INSTALL));
        return Nodes.row(command, button);
    }

    private Node buttons(Supplier<Optional<Path>> chooseFolder) {
        Button choose = Nodes.button("compute-choose", text("compute.choose"), () -> chooseFolder
                .get()
                .ifPresent(compute::use));
        choose.setGraphic(Icons.of(Material2OutlinedAL.FOLDER_OPEN));
        Button fetch = Nodes.button("compute-ask", text("compute.ask"), compute::askDownload);
        fetch.setGraphic(Icons.of(Material2OutlinedAL.CLOUD_DOWNLOAD));
        Platform.runLater(choose::requestFocus); // so that the text of the first field is not selected
        Tooltips.set(fetch, text("compute.ask.tip"));
        Button processor = Nodes.button("compute-cpu", text("compute.cpu"), compute::useProcessor);
        Nodes.showWhen(
                processor, compute.settingsProperty().map(now -> now.gpu().isPresent()));
        HBox row = Nodes.row(choose, fetch, processor);
        Nodes.disableWhen(row, compute.busyProperty());
        return row;
    }

    private Node running() {
        ProgressBar bar = new ProgressBar();
        bar.setPrefWidth(PROGRESS_WIDTH);
        bar.setMinWidth(PROGRESS_WIDTH);
        bar.setAccessibleText(text("tasks.progress"));
        bar.progressProperty()
                .bind(Bindings.createDoubleBinding(
                        () -> Math.max(-1, compute.fractionProperty().get()), compute.fractionProperty()));
        Label words = Nodes.shortened(Nodes.label("", "muted", "figures"));
        words.setId("compute-message");
        words.textProperty().bind(compute.messageProperty());
        Nodes.fillWidth(words);
        Button cancel = Nodes.button("compute-cancel", text("action.cancel"), compute::cancel);
        cancel.getStyleClass().add("small");
        HBox row = new HBox(bar, words, cancel);
        row.getStyleClass().add("answer-box");
        Nodes.showWhen(row, compute.busyProperty());
        return row;
    }

    private Node found() {
        Label words = wrapped("compute-plan");
        words.textProperty()
                .bind(compute.planProperty().map(LibrariesSection::words).orElse(""));
        Button fetch = Nodes.primary("compute-download", text("compute.download"), compute::download);
        HBox row = new HBox(words, fetch);
        row.getStyleClass().add("answer-box");
        Nodes.showWhen(row, Bindings.isNotNull(compute.planProperty()).and(Bindings.not(compute.busyProperty())));
        return row;
    }

    private Node accepted() {
        Label words = wrapped("compute-accepted");
        words.textProperty()
                .bind(compute.acceptedProperty().map(LibrariesSection::words).orElse(""));
        var icon = Icons.of(Material2OutlinedAL.CHECK_CIRCLE);
        icon.getStyleClass().add("finding-ok");
        HBox row = new HBox(icon, words);
        row.getStyleClass().add("answer-box");
        Nodes.showWhen(row, Bindings.isNotNull(compute.acceptedProperty()));
        return row;
    }

    private static Label wrapped(String id) {
        Label label = Nodes.wrapped(Nodes.label("", "figures"));
        label.setId(id);
        Nodes.fillWidth(label);
        return label;
    }

    private static String words(LibtorchDownloadPlan plan) {
        return text("compute.plan", plan.flavour(), plan.files().size(), NumberTexts.bytes(plan.bytes()));
    }

    private static String words(VerifiedLibraries libraries) {
        String key = libraries.gpus() == 0 ? "compute.accepted.none" : "compute.accepted";
        return text(key, libraries.version(), libraries.cuda().orElse("?"), libraries.gpus());
    }
}
