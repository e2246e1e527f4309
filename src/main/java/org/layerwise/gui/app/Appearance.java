package org.layerwise.gui.app;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import org.layerwise.chart.style.ChartStyle;

/** Theme of the program, with the style sheet and the chart style that depend on it. */
final class Appearance {

    private final ObjectProperty<ThemeChoice> choice;
    private final ObjectProperty<WindowTheme> theme = new SimpleObjectProperty<>(WindowTheme.LIGHT);
    private final ObservableValue<ChartStyle> charts;
    private final SystemTheme system = new SystemTheme();
    private final AtomicBoolean asking = new AtomicBoolean();

    Appearance(ThemeChoice start) {
        choice = new SimpleObjectProperty<>(start);
        charts = theme.map(now -> now == WindowTheme.DARK ? ChartStyle.dark() : ChartStyle.light());
        theme.addListener((observable, was, is) -> Application.setUserAgentStylesheet(is.userAgentStylesheet()));
        choice.addListener((observable, was, is) -> choose());
        theme.set(start == ThemeChoice.DARK ? WindowTheme.DARK : WindowTheme.LIGHT);
        Application.setUserAgentStylesheet(theme.get().userAgentStylesheet());
        choose();
    }

    /** Returns the theme setting that the user chose. */
    ObjectProperty<ThemeChoice> choiceProperty() {
        return choice;
    }

    ObservableValue<ChartStyle> charts() {
        return charts;
    }

    boolean dark() {
        return theme.get() == WindowTheme.DARK;
    }

    /**
     * Reads the desktop's theme again if the setting follows the desktop. Must be called when a window comes to the
     * front, because the desktop's theme may have changed.
     */
    void look() {
        if (choice.get() == ThemeChoice.SYSTEM && asking.compareAndSet(false, true)) {
            CompletableFuture.supplyAsync(system::read).thenAccept(found -> {
                asking.set(false);
                Platform.runLater(() -> {
                    if (choice.get() == ThemeChoice.SYSTEM) {
                        theme.set(found);
                    }
                });
            });
        }
    }

    private void choose() {
        switch (choice.get()) {
            case LIGHT -> theme.set(WindowTheme.LIGHT);
            case DARK -> theme.set(WindowTheme.DARK);
            case SYSTEM -> look();
        }
    }
}
