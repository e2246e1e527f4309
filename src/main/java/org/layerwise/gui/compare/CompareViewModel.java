package org.layerwise.gui.compare;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.chart.Figure;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.selection.LayerSelection;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.study.comparison.Comparison;
import org.layerwise.study.comparison.ComparisonCsv;

/** Chooses finished analyses and compares them. */
public final class CompareViewModel {

    private final StudySession session;
    private final SelectionViewModel selection;
    private final FigureExporter exports;
    private final ObjectProperty<Agreement> agreement = new SimpleObjectProperty<>(Agreement.KENDALL);
    private final ObservableList<Candidate> candidates = FXCollections.observableArrayList();
    private final ObservableList<Subject> paired = FXCollections.observableArrayList();
    private final ReadOnlyStringWrapper mistake = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper unpaired = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<@Nullable Rankings> rankings = new ReadOnlyObjectWrapper<>();
    private final ObjectProperty<@Nullable Subject> first = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable Subject> second = new SimpleObjectProperty<>();
    private final ReadOnlyObjectWrapper<@Nullable Pairing> pairing = new ReadOnlyObjectWrapper<>();
    private final ObjectProperty<HeatmapChart.@Nullable Pair> hovered = new SimpleObjectProperty<>();
    private boolean filling;

    /**
     * @param selection receives the consensus layers
     * @param exports writes charts and tables
     */
    public CompareViewModel(StudySession session, SelectionViewModel selection, FigureExporter exports) {
        this.session = session;
        this.selection = selection;
        this.exports = exports;
        session.analyses().addListener((ListChangeListener<AnalysisEntry>) change -> offer());
        first.addListener((observable, was, is) -> pair());
        second.addListener((observable, was, is) -> pair());
        offer();
    }

    /**
     * Returns all candidates: every measure of every analysis of the study. The first measure of an analysis is chosen
     * by default, if its number of layers fits.
     */
    public ObservableList<Candidate> candidates() {
        return candidates;
    }

    /** Reason why the chosen subjects cannot be compared, in one sentence; empty if they can. */
    public ReadOnlyStringProperty mistakeProperty() {
        return mistake.getReadOnlyProperty();
    }

    /** Rankings of the chosen subjects; null while they cannot be compared. */
    ReadOnlyObjectProperty<@Nullable Rankings> rankingsProperty() {
        return rankings.getReadOnlyProperty();
    }

    /** Returns the chosen subjects that can be paired with another one. The two sides are chosen from them. */
    public ObservableList<Subject> paired() {
        return paired;
    }

    /** Reasons why chosen subjects cannot be paired, one line each; empty if all can. */
    public ReadOnlyStringProperty unpairedProperty() {
        return unpaired.getReadOnlyProperty();
    }

    /** Subject on the left. */
    public ObjectProperty<@Nullable Subject> firstProperty() {
        return first;
    }

    /** Subject on the right. */
    public ObjectProperty<@Nullable Subject> secondProperty() {
        return second;
    }

    /** Matrices of the two sides; null while there are none. */
    ReadOnlyObjectProperty<@Nullable Pairing> pairingProperty() {
        return pairing.getReadOnlyProperty();
    }

    /** Pair of hidden states under the pointer in any of the three heatmaps; null if there is none. */
    public ObjectProperty<HeatmapChart.@Nullable Pair> hoveredProperty() {
        return hovered;
    }

    /** Swaps the left and the right subject. */
    public void swap() {
        Subject left = first.get();
        filling = true;
        first.set(second.get());
        filling = false;
        second.set(left);
        pair();
    }

    /** Returns the object that writes and copies the figures. */
    public FigureExporter exports() {
        return exports;
    }

    /** Returns the overlay of the importances; null while the subjects cannot be compared. */
    public @Nullable Figure overlayFigure() {
        Rankings shown = rankings.get();
        return shown == null
                ? null
                : new Figure(
                        "overlay",
                        text("compare.overlay"),
                        "importance-compared",
                        shown.overlay(ChartStyle.light()).exportSize(),
                        style -> shown.overlay(style).chart(),
                        () -> ComparisonCsv.importance(shown.comparison()));
    }

    /** Measure of agreement between two rankings. */
    public enum Agreement {
        KENDALL,
        SPEARMAN,
        OVERLAP
    }

    /** Measure that the matrix of agreement shows. */
    public ObjectProperty<Agreement> agreementProperty() {
        return agreement;
    }

    /** Returns the matrix of agreement; null while the rankings cannot be compared. */
    public @Nullable Figure agreementFigure() {
        return agreementFigure(agreement.get());
    }

    private @Nullable Figure agreementFigure(Agreement by) {
        Rankings shown = rankings.get();
        String id = by.name().toLowerCase(Locale.ROOT);
        return shown == null
                ? null
                : new Figure(
                        "agreement",
                        text("compare.agreement.title", text("compare.agreement." + id)),
                        "agreement-" + id,
                        shown.agreement(by, ChartStyle.light()).exportSize(),
                        style -> shown.agreement(by, style).chart(),
                        () -> ComparisonCsv.agreement(shown.comparison()));
    }

    /**
     * Selects the consensus layers of the chosen subjects. If the current selection belongs to another number of
     * layers, displays the analysis of the first subject before.
     */
    public void useConsensus() {
        Rankings shown = rankings.get();
        if (shown == null) {
            return;
        }
        LayerSelection now = selection.selectionProperty().get();
        if (now == null || now.of() != shown.layers()) {
            AnalysisEntry first = shown.subjects().get(0).entry();
            session.analyses().stream()
                    .filter(entry -> AnalysisEntry.same(entry, first))
                    .findFirst()
                    .ifPresent(session.analysisProperty()::set);
        }
        selection.selectOnly(shown.comparison().consensusSelection().layers());
    }

    /** The three heatmaps. */
    public enum Side {
        FIRST,
        SECOND,
        DIFFERENCE
    }

    /** Returns one of the three heatmaps; null while there are none. */
    public @Nullable Figure heatmapFigure(Side side) {
        Pairing shown = pairing.get();
        return shown == null
                ? null
                : new Figure(
                        "heatmap",
                        shown.title(side),
                        shown.fileName(name(side)),
                        shown.chart(side, ChartStyle.light()).exportSize(),
                        style -> shown.chart(side, style).chart(),
                        () -> shown.csv(side));
    }

    /** Returns all figures of the comparison. */
    public List<Figure> figures() {
        List<@Nullable Figure> all = new ArrayList<>();
        Rankings shown = rankings.get();
        if (shown != null && shown.subjects().size() > 1) {
            all.add(overlayFigure());
            for (Agreement by : Agreement.values()) {
                all.add(agreementFigure(by));
            }
        }
        for (Side side : Side.values()) {
            all.add(heatmapFigure(side));
        }
        return all.stream().filter(Objects::nonNull).toList();
    }

    private static String name(Side side) {
        return side.name().toLowerCase(Locale.ROOT);
    }

    private void offer() {
        List<Candidate> now = new ArrayList<>();
        for (AnalysisEntry entry : session.analyses()) {
            for (MeasureResult result : entry.analysis().results()) {
                now.add(known(entry, result)
                        .orElseGet(() -> fresh(
                                new Subject(entry, result),
                                result == entry.analysis().primary(),
                                now)));
            }
        }
        candidates.setAll(now);
        choose();
    }

    /** Returns the existing candidate of a result, also if its analysis was saved meanwhile. */
    private Optional<Candidate> known(AnalysisEntry entry, MeasureResult result) {
        return candidates.stream()
                .filter(candidate -> AnalysisEntry.same(candidate.subject().entry(), entry)
                        && candidate.subject().result() == result)
                .findFirst();
    }

    private Candidate fresh(Subject subject, boolean wanted, List<Candidate> before) {
        boolean fits = before.stream()
                .filter(candidate -> candidate.chosenProperty().get())
                .allMatch(candidate -> candidate.subject().layers() == subject.layers());
        Candidate candidate = new Candidate(subject, wanted && fits);
        candidate.chosenProperty().addListener((observable, was, is) -> choose());
        return candidate;
    }

    private void choose() {
        List<Subject> chosen = candidates.stream()
                .filter(candidate -> candidate.chosenProperty().get())
                .map(Candidate::subject)
                .toList();
        mistake.set(Rankings.mistake(chosen).orElse(""));
        rankings.set(mistake.get().isEmpty() ? Rankings.of(chosen) : null);
        Rankings known = rankings.get();
        List<Subject> with = known == null
                ? List.of()
                : chosen.stream()
                        .filter(one -> chosen.stream().anyMatch(other -> differs(known, one, other)))
                        .toList();
        Subject left = first.get();
        Subject right = second.get();
        filling = true;
        paired.setAll(with);
        unpaired.set(known == null ? "" : reasons(known, with));
        Subject nextLeft = with.isEmpty() ? null : with.contains(left) ? left : with.get(0);
        first.set(nextLeft);
        second.set(partner(nextLeft, right));
        filling = false;
        pair();
    }

    /** Returns a line for each subject that cannot be paired, with the reason. */
    private static String reasons(Rankings known, List<Subject> paired) {
        return known.subjects().stream()
                .filter(subject -> !paired.contains(subject))
                .map(subject -> subject.result().matrix().isPresent()
                        ? text(
                                "compare.unpaired.alone",
                                subject.label(),
                                subject.result().measure().shortName())
                        : text("compare.unpaired.matrix", subject.label()))
                .collect(Collectors.joining("\n"));
    }

    /** Returns the previous right subject if it can still be paired with the left one; otherwise the first that can. */
    private @Nullable Subject partner(@Nullable Subject left, @Nullable Subject wanted) {
        Rankings known = rankings.get();
        if (left == null || known == null) {
            return null;
        }
        return wanted != null && paired.contains(wanted) && differs(known, left, wanted)
                ? wanted
                : paired.stream()
                        .filter(other -> differs(known, left, other))
                        .findFirst()
                        .orElse(null);
    }

    private static boolean differs(Rankings rankings, Subject one, Subject other) {
        return !one.equals(other) && Comparison.comparable(rankings.row(one), rankings.row(other));
    }

    private void pair() {
        if (filling) {
            return;
        }
        Subject left = first.get();
        Subject right = second.get();
        Rankings known = rankings.get();
        boolean possible = left != null && right != null && known != null && differs(known, left, right);
        pairing.set(possible ? Pairing.of(known, left, right) : null);
    }
}
