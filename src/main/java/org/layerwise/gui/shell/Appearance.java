package org.layerwise.gui.shell;

import javafx.application.Application;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import org.layerwise.chart.ChartStyle;

/** The theme, and what follows from it: the program's style sheet and the look of the charts. */
final class Appearance {

    private final ObjectProperty<Theme> theme;
    private final ObservableValue<ChartStyle> charts;

    Appearance(Theme start) {
        theme = new SimpleObjectProperty<>(start);
        charts = theme.map(now -> now == Theme.DARK ? ChartStyle.dark() : ChartStyle.light());
        theme.addListener((observable, was, is) -> Application.setUserAgentStylesheet(is.userAgentStylesheet()));
        Application.setUserAgentStylesheet(start.userAgentStylesheet());
    }

    ObjectProperty<Theme> themeProperty() {
        return theme;
    }

    ObservableValue<ChartStyle> charts() {
        return charts;
    }

    boolean dark() {
        return theme.get() == Theme.DARK;
    }
}
