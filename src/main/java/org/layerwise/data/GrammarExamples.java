package org.layerwise.data;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.layerwise.data.BalancedSplit.Example;

/**
 * Grammatical acceptability in the manner of CoLA: the {@code <example>}s of LanguageTool's {@code grammar.xml}. One with a
 * {@code correction} is an unacceptable sentence with the error in a {@code <marker>}; with the first correction put in
 * its place it is acceptable, which makes a minimal pair. One without is acceptable.
 */
final class GrammarExamples {

    /** Names of the classes by label, numbered as in CoLA. */
    static final List<String> NAMES = List.of("unacceptable", "acceptable");

    private static final int UNACCEPTABLE = 0;
    private static final int ACCEPTABLE = 1;
    private static final long SEED = 7;

    private GrammarExamples() {}

    /**
     * One example.
     *
     * @param text the sentence without marks
     * @param acceptable whether it is acceptable
     * @param corrected the sentence with the first correction in place of the error; null where there is none
     */
    record Sentence(String text, boolean acceptable, @Nullable String corrected) {}

    /** All examples in file order, without those that LanguageTool marks as wrongly handled by a rule. */
    static List<Sentence> read(InputStream grammar) throws XMLStreamException {
        List<Sentence> sentences = new ArrayList<>();
        XMLStreamReader xml = offlineFactory().createXMLStreamReader(grammar);
        try {
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT
                        && xml.getLocalName().equals("example")
                        && xml.getAttributeValue(null, "type") == null) {
                    sentences.add(sentence(xml));
                }
            }
        } finally {
            xml.close();
        }
        return sentences;
    }

    /**
     * Every text once, as many acceptable ones as others: first the corrected ones, then others to fill up. Texts that are a
     * pair, or equal but for upper and lower case, are one group.
     */
    static List<List<Example>> groups(List<Sentence> sentences) {
        Map<String, Integer> labels = new LinkedHashMap<>();
        Clusters clusters = new Clusters();
        sentences.stream()
                .filter(sentence -> !sentence.acceptable())
                .forEach(sentence -> labels.put(sentence.text(), UNACCEPTABLE));
        int unacceptable = labels.size();
        for (Sentence sentence : sentences) {
            String corrected = sentence.corrected();
            if (corrected != null) {
                clusters.join(key(sentence.text()), key(corrected));
                // a correction may leave another error in: what a rule calls wrong stays wrong
                labels.putIfAbsent(corrected, ACCEPTABLE);
            }
        }
        Set<String> others = new LinkedHashSet<>();
        sentences.stream()
                .filter(Sentence::acceptable)
                .map(Sentence::text)
                .filter(text -> !labels.containsKey(text))
                .forEach(others::add);
        int missing = Math.min(others.size(), Math.max(0, 2 * unacceptable - labels.size()));
        SeededOrder.shuffled(List.copyOf(others), SEED)
                .subList(0, missing)
                .forEach(text -> labels.put(text, ACCEPTABLE));

        Map<String, List<Example>> groups = new LinkedHashMap<>();
        labels.forEach((text, label) -> groups.computeIfAbsent(clusters.of(key(text)), root -> new ArrayList<>())
                .add(new Example(text, label)));
        return List.copyOf(groups.values());
    }

    private static String key(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static Sentence sentence(XMLStreamReader xml) throws XMLStreamException {
        String correction = xml.getAttributeValue(null, "correction");
        StringBuilder before = new StringBuilder();
        StringBuilder marked = new StringBuilder();
        StringBuilder after = new StringBuilder();
        StringBuilder current = before;
        int event = xml.next();
        while (event != XMLStreamConstants.END_ELEMENT || !xml.getLocalName().equals("example")) {
            if (event == XMLStreamConstants.START_ELEMENT) {
                current = marked;
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                current = after;
            } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
                current.append(xml.getText());
            }
            event = xml.next();
        }
        String text = (before.toString() + marked + after).strip();
        if (correction == null) {
            return new Sentence(text, true, null);
        }
        int bar = correction.indexOf('|');
        String first = bar < 0 ? correction : correction.substring(0, bar);
        String corrected = (before + first + after).strip();
        boolean pair = !first.isBlank() && !corrected.equals(text);
        return new Sentence(text, false, pair ? corrected : null);
    }

    // the file declares its own entities, so document types cannot be switched off: only what lies outside is
    private static XMLInputFactory offlineFactory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("the sample may not load " + systemId);
        });
        // Java 24 lowered these below what the file needs
        factory.setProperty("jdk.xml.entityExpansionLimit", "64000");
        factory.setProperty("jdk.xml.totalEntitySizeLimit", "50000000");
        factory.setProperty("jdk.xml.maxGeneralEntitySizeLimit", "1000000");
        return factory;
    }

    /** Sets of texts that belong together (union-find, the first text of a set names it). */
    private static final class Clusters {

        private final Map<String, String> parents = new LinkedHashMap<>();

        String of(String text) {
            String root = text;
            for (String up = parents.get(root); up != null; up = parents.get(root)) {
                root = up;
            }
            return root;
        }

        void join(String one, String other) {
            String root = of(one);
            String otherRoot = of(other);
            if (!root.equals(otherRoot)) {
                parents.put(otherRoot, root);
            }
        }
    }
}
