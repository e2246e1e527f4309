package org.layerwise.gui.help;

import static org.layerwise.gui.common.Messages.text;

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
import org.layerwise.gui.common.Command;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;

/** State of the user guide: current page, history and search. Independent of the JavaFX toolkit. */
public final class HelpViewModel {

    /**
     * Displayed page.
     *
     * @param page the page
     * @param anchor anchor of the heading to scroll to; empty for none
     * @param scroll scroll position from 0 to 1 at which the page was left; negative for a newly opened page
     */
    record Shown(GuidePage page, String anchor, double scroll) {}

    private record Wish(String page, String anchor) {}

    private final WorkQueue queue;
    private final Dialogs dialogs;
    private final Supplier<List<Command>> commands;
    private final Consumer<URI> web;
    private final ReadOnlyObjectWrapper<@Nullable Shown> shown = new ReadOnlyObjectWrapper<>();
    private final ObservableList<GuidePage> contents = FXCollections.observableArrayList();
    private final ObservableList<SearchResult> found = FXCollections.observableArrayList();
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
     * Creates the state without a page.
     *
     * @param commands supplies all menu commands, for the page of keyboard shortcuts
     * @param web opens an address in the browser
     */
    public HelpViewModel(WorkQueue queue, Dialogs dialogs, Supplier<List<Command>> commands, Consumer<URI> web) {
        this.queue = queue;
        this.dialogs = dialogs;
        this.commands = commands;
        this.web = web;
        query.addListener((observable, was, is) -> look());
    }

    /** Returns the displayed page; null until the pages have been read. */
    ReadOnlyObjectProperty<@Nullable Shown> shownProperty() {
        return shown.getReadOnlyProperty();
    }

    /** Returns the pages in the table of contents. */
    ObservableList<GuidePage> contents() {
        return contents;
    }

    /** Returns the results of the search. */
    ObservableList<SearchResult> found() {
        return found;
    }

    StringProperty queryProperty() {
        return query;
    }

    /** Returns the scroll position from 0 to 1, which the view sets. */
    DoubleProperty scrollProperty() {
        return scroll;
    }

    ReadOnlyBooleanProperty canGoBackProperty() {
        return canGoBack.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty canGoForwardProperty() {
        return canGoForward.getReadOnlyProperty();
    }

    /** Opens the page of keyboard shortcuts. */
    public void openShortcuts() {
        open(ShortcutsPage.NAME);
    }

    /**
     * Opens a page, or a heading of a page: {@code models.md}, {@code models.md#files}. The first call reads the pages.
     */
    public void open(String place) {
        int hash = place.indexOf('#');
        go(hash < 0 ? new Wish(place, "") : new Wish(place.substring(0, hash), place.substring(hash + 1)));
    }

    /** Follows a link of the displayed page. */
    void follow(String href) {
        Shown from = shown.get();
        LinkTarget target = from == null ? new LinkTarget.Nowhere(href) : LinkTarget.of(from.page.name(), href);
        if (target instanceof LinkTarget.ToPage to) {
            go(new Wish(to.page(), to.anchor()));
        } else if (target instanceof LinkTarget.ToWeb to) {
            web.accept(to.address());
        }
    }

    /** Returns the tooltip of a link: the title of the linked page, or the address as written. */
    String leadsTo(String href) {
        Shown from = shown.get();
        LinkTarget target = LinkTarget.of(from == null ? Guide.INDEX : from.page.name(), href);
        if (target instanceof LinkTarget.ToPage to && guide != null) {
            return guide.page(to.page()).map(GuidePage::title).orElse(href);
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
        Guide pages = guide;
        if (pages == null) {
            wish = to;
            read();
            return;
        }
        Optional<GuidePage> page = to.page.equals(ShortcutsPage.NAME)
                ? Optional.of(ShortcutsPage.of(commands.get()))
                : pages.page(to.page);
        Shown now = shown.get();
        GuidePage next = page.or(() -> pages.page(Guide.INDEX)).orElse(null);
        if (next == null || now != null && now.page.name().equals(next.name()) && to.anchor.isEmpty()) {
            return; // the page is already displayed
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
                    dialogs.error(ReportedError.of(text("help.reading.failed"), thrown, null));
                }));
    }

    private void look() {
        if (guide != null) {
            found.setAll(guide.find(query.get()));
        }
    }
}
