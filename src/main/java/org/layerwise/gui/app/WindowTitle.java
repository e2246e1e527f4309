package org.layerwise.gui.app;

import static org.layerwise.gui.common.Messages.text;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.StringBinding;

/** Title of the window: names of the study, the model and the data, and a mark for unsaved changes. */
final class WindowTitle {

    private WindowTitle() {}

    static StringBinding of(ViewModels models) {
        return Bindings.createStringBinding(
                () -> words(models),
                models.session().modelProperty(),
                models.session().dataProperty(),
                models.study().fileProperty(),
                models.study().unsavedProperty());
    }

    private static String words(ViewModels models) {
        String study = models.study().fileProperty().get() == null
                ? ""
                : models.study().name();
        String model = Optional.ofNullable(models.session().modelProperty().get())
                .map(loaded -> loaded.card().name())
                .orElse("");
        String data = Optional.ofNullable(models.session().dataProperty().get())
                .map(open -> open.preview().name())
                .orElse("");
        String all =
                Stream.of(study, model, data).filter(part -> !part.isEmpty()).collect(Collectors.joining(" · "));
        if (all.isEmpty()) {
            return text("app.name");
        }
        boolean changed = models.study().unsavedProperty().get();
        return text("app.title", changed ? text("app.changed", all) : all);
    }
}
