package drive;

import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import javafx.geometry.Insets;
import javafx.scene.Scene;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import org.controlsfx.control.spreadsheet.SpreadsheetView;
import org.controlsfx.control.textfield.TextFields;

/**
 * Uses the controls of ControlsFX that reach into JavaFX's inner packages: each of them fails if the package that it needs is not
 * exported to it, which is seen only where JavaFX is made of named modules.
 */
final class InnerControls {

    private final Hand hand;

    InnerControls(Hand hand) {
        this.hand = hand;
    }

    void use() throws Exception {
        Stage stage = hand.fx(() -> {
            // com.sun.javafx.event
            TextField field = new TextField();
            field.setId("inner-field");
            TextFields.bindAutoCompletion(field, "query", "key", "value").setDelay(0);
            // com.sun.javafx.scene.control
            TableView<?> table = tableOverModel();
            table.setPrefHeight(150);
            // com.sun.javafx.scene.control.behavior
            SpreadsheetView sheet = new SpreadsheetView();
            sheet.setPrefHeight(300);
            Stage shown = new Stage();
            VBox box = new VBox(8, field, table, sheet);
            box.setPadding(new Insets(8));
            shown.setScene(new Scene(box, 700, 600));
            shown.setX(0);
            shown.setY(0);
            shown.show();
            return shown;
        });
        hand.rest(1000);
        hand.click("#inner-field");
        hand.press(KeyCode.V);
        hand.await("the field offers how to go on", 10, () -> hand.find(".auto-complete-popup .list-cell") != null);
        hand.press(KeyCode.ESCAPE);
        hand.click(".spreadsheet-cell");
        hand.press(KeyCode.DOWN);
        hand.fx(() -> {
            stage.close();
            return true;
        });
    }

    /** ControlsFX keeps its table over a model to itself. */
    private static TableView<?> tableOverModel() throws ReflectiveOperationException {
        Class<?> model = Class.forName("org.controlsfx.control.table.model.JavaFXTableModel");
        Object words = Proxy.newProxyInstance(model.getClassLoader(), new Class<?>[] {model}, (self, method, arguments) ->
                switch (method.getName()) {
                    case "getRowCount" -> 2;
                    case "getColumnCount" -> 1;
                    case "getColumnName", "getValueAt" -> "word";
                    default -> null;
                });
        Constructor<?> table = Class.forName("org.controlsfx.control.table.model.TableModelTableView")
                .getDeclaredConstructor(model);
        table.setAccessible(true);
        return (TableView<?>) table.newInstance(words);
    }
}
