package org.layerwise.gui.preferences;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.base.CheckResult;
import org.layerwise.gui.common.ErrorBar;
import org.layerwise.gui.common.FindingRow;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.install.torch.EngineFacts;

/** Compute pane: the engine, the GPU set-up step by step, and the number of threads, from top to bottom. */
public final class ComputeView extends BorderPane {

    private final ComputeViewModel compute;
    private final GridPane facts = new GridPane();
    private final VBox driver = new VBox();

    /**
     * Functions that the pane needs from the window.
     *
     * @param chooseFolder asks the user for a folder with libtorch
     * @param copy copies a text to the clipboard
     * @param restart restarts the program
     */
    public record Offers(Supplier<Optional<Path>> chooseFolder, Consumer<String> copy, Runnable restart) {}

    public ComputeView(ComputeViewModel compute, Offers offers) {
        this.compute = compute;
        facts.getStyleClass().add("facts");
        ColumnConstraints value = new ColumnConstraints();
        value.setHgrow(Priority.ALWAYS);
        facts.getColumnConstraints().setAll(new ColumnConstraints(), value);
        driver.getStyleClass().add("findings");
        driver.setId("compute-driver");
        VBox page = new VBox(
                Nodes.label(text("compute.engine"), "title-text"),
                note(),
                facts,
                Nodes.label(text("compute.gpu"), "title-text", "compute-title"),
                driver,
                new LibrariesSection(compute, offers.chooseFolder(), offers.copy()),
                Nodes.label(text("compute.threads"), "title-text", "compute-title"),
                new ThreadsRow(compute));
        page.getStyleClass().add("page");
        ScrollPane scroll = new ScrollPane(page);
        scroll.setFitToWidth(true);
        setId("compute");
        getStyleClass().add("settings");
        setTop(new ErrorBar(compute.problemProperty()));
        setCenter(scroll);
        setBottom(changed(offers.restart()));
        compute.driver().addListener((ListChangeListener<CheckResult>) change -> fillDriver());
        compute.factsProperty().subscribe(this::show);
        fillDriver();
    }

    private Node note() {
        Label words = Nodes.sentence(
                "compute-note",
                compute.factsProperty().map(known -> known.note().orElse("")).orElse(""));
        HBox box = new HBox(Icons.of(Material2OutlinedMZ.REPORT_PROBLEM), words);
        box.getStyleClass().add("problem-box");
        box.setMinHeight(USE_PREF_SIZE);
        HBox.setHgrow(words, Priority.ALWAYS);
        Nodes.showWhen(box, words.textProperty().isNotEmpty());
        return box;
    }

    private Node changed(Runnable restart) {
        Label words = Nodes.label(text("compute.changed"));
        words.setWrapText(true);
        Nodes.fillWidth(words);
        HBox bar = new HBox(
                Icons.of(Material2OutlinedAL.INFO),
                words,
                Nodes.primary("compute-restart", text("compute.restart"), restart));
        bar.getStyleClass().add("offer-bar");
        bar.setId("compute-changed");
        bar.setAlignment(Pos.CENTER_LEFT);
        Nodes.showWhen(bar, compute.changedProperty());
        return bar;
    }

    private void show(@Nullable EngineFacts known) {
        facts.getChildren().clear();
        if (known == null) {
            fact("compute.state", "compute-state", text("compute.starting"));
            return;
        }
        for (EngineFacts.DeviceFacts device : known.devices()) {
            fact("compute.device", "compute-device-" + device.id().replace(':', '-'), words(device));
        }
        fact(
                "compute.libtorch",
                "compute-libtorch",
                known.cuda()
                        .map(cuda -> text("compute.libtorch.cuda", known.libtorch(), known.flavour(), cuda))
                        .orElse(text("compute.libtorch.cpu", known.libtorch(), known.flavour())));
        fact("compute.libraries", "compute-libraries", known.libraries().toString());
        fact("compute.threads", "compute-threads-now", NumberTexts.exact(known.threads()));
    }

    private static String words(EngineFacts.DeviceFacts device) {
        String name = device.name().isEmpty() ? device.id() : device.id() + " · " + device.name();
        return device.freeBytes().isEmpty()
                ? name
                : text(
                        "compute.device.free",
                        name,
                        NumberTexts.bytes(device.freeBytes().getAsLong()));
    }

    private void fact(String key, String id, String words) {
        Label value = Nodes.shortened(Nodes.label(words, "fact"));
        value.setId(id);
        value.setAccessibleText(text(key) + " " + words);
        Label caption = Nodes.label(text(key), "muted");
        caption.setMinWidth(USE_PREF_SIZE);
        facts.addRow(facts.getRowCount(), caption, value);
    }

    private void fillDriver() {
        driver.getChildren()
                .setAll(compute.driver().stream().map(FindingRow::new).toList());
    }
}
