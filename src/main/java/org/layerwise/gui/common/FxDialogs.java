package org.layerwise.gui.common;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import javafx.application.ConditionalFeature;
import javafx.application.Platform;
import javafx.geometry.Pos;
import javafx.scene.control.Alert;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonBar.ButtonData;
import javafx.scene.control.ButtonType;
import javafx.scene.control.Dialog;
import javafx.scene.control.DialogPane;
import javafx.scene.control.Label;
import javafx.scene.control.PasswordField;
import javafx.scene.control.TextArea;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.controlsfx.control.Notifications;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.selection.SelectionDiff;

/** {@link Dialogs} with JavaFX dialogs in front of a window. */
public final class FxDialogs implements Dialogs {

    private static final double WIDTH = 480;

    private final Window owner;
    private final Notices notices;
    private final Consumer<String> said;
    private final Consumer<String> failed;

    /**
     * Creates the dialogs of a window.
     *
     * @param notices shows notifications inside the window, for desktops that cannot draw transparent windows
     * @param said receives each notification in one line, to keep it visible
     * @param failed receives each error in one line
     */
    public FxDialogs(Window owner, Notices notices, Consumer<String> said, Consumer<String> failed) {
        this.owner = owner;
        this.notices = notices;
        this.said = said;
        this.failed = failed;
    }

    @Override
    public void error(ReportedError problem) {
        failed.accept(problem.title() + ". " + problem.sentence());
        Alert alert = alert(Alert.AlertType.ERROR, problem.title(), problem.sentence());
        String details = problem.details();
        if (details != null) {
            TextArea area = new TextArea(details);
            area.setId("details");
            area.setEditable(false);
            area.getStyleClass().add("details");
            area.setAccessibleText(text("dialog.details"));
            alert.getDialogPane().setExpandableContent(area);
        }
        alert.getButtonTypes().setAll(new ButtonType(text("action.close"), ButtonData.CANCEL_CLOSE));
        alert.show();
    }

    @Override
    public boolean confirm(String title, String sentence, String action, String keep) {
        return choose(title, sentence, List.of(action), keep).isPresent();
    }

    @Override
    public OptionalInt choose(String title, String sentence, List<String> ways, String keep) {
        Alert alert = alert(Alert.AlertType.CONFIRMATION, title, sentence);
        List<ButtonType> going =
                ways.stream().map(way -> new ButtonType(way, ButtonData.OTHER)).toList();
        ButtonType stay = new ButtonType(keep, ButtonData.CANCEL_CLOSE);
        alert.getButtonTypes().setAll(going);
        alert.getButtonTypes().add(stay);
        Button staying = (Button) alert.getDialogPane().lookupButton(stay);
        staying.setDefaultButton(true);
        // buttons of equal width would cut off the longest text
        alert.getButtonTypes().forEach(type -> {
            Button button = (Button) alert.getDialogPane().lookupButton(type);
            ButtonBar.setButtonUniformSize(button, false);
            button.setMinWidth(Region.USE_PREF_SIZE);
        });
        alert.setOnShown(event -> staying.requestFocus());
        int way = alert.showAndWait().map(going::indexOf).orElse(-1);
        return way < 0 ? OptionalInt.empty() : OptionalInt.of(way);
    }

    @Override
    public Optional<char[]> passphrase(String title, String sentence) {
        Alert alert = alert(Alert.AlertType.CONFIRMATION, title, sentence);
        PasswordField field = new PasswordField();
        field.setId("passphrase");
        field.setAccessibleText(title);
        Label words = Nodes.wrapped(Nodes.label(sentence));
        VBox content = new VBox(words, field);
        content.getStyleClass().add("form-group");
        alert.getDialogPane().setContent(content);
        ButtonType go = new ButtonType(text("ssh.passphrase.yes"), ButtonData.OK_DONE);
        ButtonType without = new ButtonType(text("ssh.passphrase.no"), ButtonData.CANCEL_CLOSE);
        alert.getButtonTypes().setAll(go, without);
        alert.setOnShown(event -> field.requestFocus());
        return alert.showAndWait().filter(go::equals).map(button -> field.getText()
                .toCharArray());
    }

    @Override
    public Optional<ExportOptions> exportOptions(ExportForm question) {
        ExportDialog dialog = new ExportDialog(question);
        dialog.initOwner(owner);
        return dialog.showAndWait();
    }

    @Override
    public Import importSelection(SelectionDiff diff, String name, @Nullable String warning) {
        Dialog<Import> dialog = new Dialog<>();
        dialog.initOwner(owner);
        dialog.setTitle(text("app.name"));
        dialog.setHeaderText(text("selection.import.title", name));
        VBox content = new VBox(new SelectionDiffView(diff, text("kept.current"), name));
        content.getStyleClass().add("selection-diff");
        if (warning != null) {
            Label remark = Nodes.label(warning, "notice");
            remark.setId("import-warning");
            remark.setGraphic(Icons.of(Material2OutlinedMZ.REPORT_PROBLEM));
            remark.setWrapText(true);
            content.getChildren().add(0, remark);
        }
        dialog.getDialogPane().setContent(content);
        ButtonType select = new ButtonType(text("selection.import.select"), ButtonData.OK_DONE);
        ButtonType keep = new ButtonType(text("selection.import.keep"), ButtonData.OTHER);
        ButtonType leave = new ButtonType(text("action.cancel"), ButtonData.CANCEL_CLOSE);
        dialog.getDialogPane().getButtonTypes().setAll(select, keep, leave);
        dialog.setResultConverter(
                button -> button == select ? Import.SELECT : button == keep ? Import.KEEP : Import.LEAVE);
        return dialog.showAndWait().orElse(Import.LEAVE);
    }

    @Override
    public void notify(String title, String sentence) {
        said.accept(title + ": " + sentence);
        if (!Platform.isSupported(ConditionalFeature.TRANSPARENT_WINDOW)) {
            notices.show(title, sentence);
        } else if (owner.isShowing()) {
            Notifications.create()
                    .owner(owner)
                    .title(title)
                    .text(sentence)
                    .position(Pos.BOTTOM_RIGHT)
                    .hideAfter(Notices.SHOWN)
                    .show();
        }
    }

    /** Shows the version of the program. */
    public void about() {
        String version = FxDialogs.class.getPackage().getImplementationVersion();
        String name = version == null ? text("app.name") : text("app.name") + " " + version;
        String facts =
                text("about.facts", System.getProperty("java.version"), System.getProperty("javafx.runtime.version"));
        Alert alert = alert(Alert.AlertType.INFORMATION, name, facts);
        alert.getButtonTypes().setAll(new ButtonType(text("action.close"), ButtonData.CANCEL_CLOSE));
        alert.show();
    }

    /**
     * Returns the focused companion window of the owner, or else the owner. A dialog must not push a companion window
     * into the background.
     */
    private Window inFront() {
        return Window.getWindows().stream()
                .filter(Window::isFocused)
                .filter(window -> window instanceof Stage stage && stage.getOwner() == owner)
                .findFirst()
                .orElse(owner);
    }

    private Alert alert(Alert.AlertType type, String title, @Nullable String sentence) {
        Alert alert = new Alert(type, sentence);
        alert.initOwner(inFront());
        alert.setTitle(text("app.name"));
        alert.setHeaderText(title);
        FontIcon icon = Icons.large(
                switch (type) {
                    case ERROR -> Material2OutlinedAL.ERROR_OUTLINE;
                    case CONFIRMATION -> Material2OutlinedAL.HELP_OUTLINE;
                    default -> Material2OutlinedAL.INFO;
                });
        icon.getStyleClass().add(type == Alert.AlertType.ERROR ? "danger-icon" : "accent-icon");
        alert.setGraphic(icon);
        DialogPane pane = alert.getDialogPane();
        pane.setPrefWidth(WIDTH);
        pane.setMinHeight(Region.USE_PREF_SIZE); // a long sentence must not be cut off
        return alert;
    }
}
