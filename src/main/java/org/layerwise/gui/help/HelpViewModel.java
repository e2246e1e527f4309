package org.layerwise.gui.help;

import static org.layerwise.gui.text.Messages.text;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.dialog.Dialogs;
import org.layerwise.gui.dialog.Problem;
import org.layerwise.gui.palette.Command;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;

/** Which page of the guide is read, where one came from, and what is looked for. Needs no toolkit. */
public final class HelpViewModel {

    /**
     * What is shown.
     *
     * @param anchor of the heading to go to; empty for none
     * @param scroll how far down one was, 0 to 1, when the page was left; negative when it is opened
     */
    record Shown(Page page, String anchor, double scroll) {}

    private record Wish(String page, String anchor) {}

    private final WorkQueue queue;
    private final Dialogs dialogs;
    private final Supplier<List<Command>> commands;
    private final Consumer<URI> web;
    private final ReadOnlyObjectWrapper<@Nullable Shown> shown = new ReadOnlyObjectWrapper<>();
    private final ObservableList<Page> contents = FXCollections.observableArrayList();
    private final ObservableList<Found> found = FXCollections.observableArrayList();
    private final StringProperty query = new SimpleStringProperty("");
    private final DoubleProperty scroll = new SimpleDoubleProperty();
    private final Deque<Shown> before = new ArrayDeque<>();
    private final Deque<Shown> after = new ArrayDeque<>();
    private final ReadOnlyBooleanWrapper canGoBack = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper canGoForward = new ReadOnlyBooleanWrapper();
    private @Nullable Guide guide;
    private @Nullable Wish wish;
    private boolean reading;

    /**
     * @param commands all that the menus can do, for the page of keys
     * @param web opens a page in the browser
     */
    public HelpViewModel(WorkQueue queue, Dialogs dialogs, Supplier<List<Command>> commands, Consumer<URI> web) {
        this.queue = queue;
        this.dialogs = dialogs;
        this.commands = commands;
        this.web = web;
        query.addListener((observable, was, is) -> look());
    }

    /** What is shown; null until the pages are read. */
    ReadOnlyObjectProperty<@Nullable Shown> shownProperty() {
        return shown.getReadOnlyProperty();
    }

    /** The pages to choose from. */
    ObservableList<Page> contents() {
        return contents;
    }

    /** What the words of the search field are found in. */
    ObservableList<Found> found() {
        return found;
    }

    StringProperty queryProperty() {
        return query;
    }

    /** How far down one is, 0 to 1; set by the view. */
    DoubleProperty scrollProperty() {
        return scroll;
    }

    ReadOnlyBooleanProperty canGoBackProperty() {
        return canGoBack.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty canGoForwardProperty() {
        return canGoForward.getReadOnlyProperty();
    }

    /** Opens the page of all keys. */
    public void openShortcuts() {
        open(ShortcutsPage.NAME);
    }

    /** Opens a page, or a heading on it: {@code models.md}, {@code models.md#files}. The first time the pages are read. */
    public void open(String place) {
        int hash = place.indexOf('#');
        go(hash < 0 ? new Wish(place, "") : new Wish(place.substring(0, hash), place.substring(hash + 1)));
    }

    /** Follows a link of the page that is shown. */
    void follow(String href) {
        Shown from = shown.get();
        Target target = from == null ? new Target.Nowhere(href) : Target.of(from.page.name(), href);
        if (target instanceof Target.ToPage to) {
            go(new Wish(to.page(), to.anchor()));
        } else if (target instanceof Target.ToWeb to) {
            web.accept(to.address());
        }
    }

    /** What is said of a link before it is followed: the title of the page, or the address on the web. */
    String leadsTo(String href) {
        Shown from = shown.get();
        Target target = Target.of(from == null ? Guide.INDEX : from.page.name(), href);
        if (target instanceof Target.ToPage to && guide != null) {
            return guide.page(to.page()).map(Page::title).orElse(href);
        }
        return href;
    }

    void back() {
        step(before, after);
    }

    void forward() {
        step(after, before);
    }

    private void step(Deque<Shown> from, Deque<Shown> to) {
        if (!from.isEmpty()) {
            remember(to);
            show(from.pop());
        }
    }

    private void go(Wish to) {
        if (guide == null) {
            wish = to;
            read();
            return;
        }
        Optional<Page> page = to.page.equals(ShortcutsPage.NAME)
                ? Optional.of(ShortcutsPage.of(commands.get()))
                : guide.page(to.page);
        Shown now = shown.get();
        Page next = page.or(() -> guide.page(Guide.INDEX)).orElse(null);
        if (next == null || now != null && now.page.name().equals(next.name()) && to.anchor.isEmpty()) {
            return; // it is there already
        }
        remember(before);
        after.clear();
        show(new Shown(next, to.anchor, -1));
    }

    private void remember(Deque<Shown> in) {
        Shown now = shown.get();
        if (now != null) {
            in.push(new Shown(now.page, "", scroll.get()));
        }
    }

    private void show(Shown next) {
        shown.set(next);
        canGoBack.set(!before.isEmpty());
        canGoForward.set(!after.isEmpty());
    }

    private void read() {
        if (reading) {
            return;
        }
        reading = true;
        queue.submit(Work.quiet(text("help.reading"), progress -> Guide.read())
                .whenDone(read -> {
                    guide = read;
                    contents.setAll(read.contents());
                    look();
                    Wish first = wish;
                    if (first != null) {
                        go(first);
                    }
                })
                .whenFailed(thrown -> {
                    reading = false;
                    dialogs.error(Problem.of(text("help.reading.failed"), thrown, null));
                }));
    }

    private void look() {
        if (guide != null) {
            found.setAll(guide.find(query.get()));
        }
    }
}
