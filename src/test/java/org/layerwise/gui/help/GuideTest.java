package org.layerwise.gui.help;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages of src/site/markdown as the window shows them: all are there, links lead somewhere, menus are named as they are. */
class GuideTest {

    private static final Path PAGES = Path.of("src", "site", "markdown");
    private static final Pattern MENU = Pattern.compile(
            "\\b(File|Edit|Analysis|Selection|Training|View|Help) [>▸›] ([A-Z][^,.;:()|\\n]*(?: [>▸›] [A-Z][^,.;:()|\\n]*)?)");

    private final Guide guide = Guide.read();

    @Test
    void everyPageIsReachedFromTheIndex() throws IOException {
        assertThat(names())
                .allSatisfy(name -> assertThat(guide.page(name)).as(name).isPresent());
    }

    private List<GuidePage> pages() throws IOException {
        return names().stream().flatMap(name -> guide.page(name).stream()).toList();
    }

    private static Set<String> names() throws IOException {
        try (Stream<Path> files = Files.walk(PAGES)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .map(file -> PAGES.relativize(file).toString().replace('\\', '/'))
                    .collect(Collectors.toSet());
        }
    }

    private static List<String> anchors(GuidePage page) {
        return page.blocks().stream()
                .filter(PageBlock.Heading.class::isInstance)
                .map(block -> ((PageBlock.Heading) block).anchor())
                .toList();
    }

    @Test
    void everyPageHasATitleOfItsOwnAtItsBeginning() throws IOException {
        assertThat(pages()).allSatisfy(page -> assertThat(page.blocks().get(0))
                .as(page.name())
                .isInstanceOfSatisfying(PageBlock.Heading.class, heading -> assertThat(heading.level())
                        .isEqualTo(1)));
        assertThat(pages()).extracting(GuidePage::title).doesNotHaveDuplicates();
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (GuidePage page : pages()) {
            for (String href : PageLinks.of(page.blocks())) {
                LinkTarget target = LinkTarget.of(page.name(), href);
                boolean good = target instanceof LinkTarget.ToWeb
                        || target instanceof LinkTarget.ToPage to
                                && guide.page(to.page())
                                        .filter(there -> to.anchor().isEmpty()
                                                || anchors(there).contains(to.anchor()))
                                        .isPresent();
                if (!good) {
                    broken.add(page.name() + " -> " + href);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everyPictureIsInTheProgramAndInTheRepository() throws IOException {
        List<PageBlock.Picture> pictures = pages().stream()
                .flatMap(page -> page.blocks().stream())
                .filter(PageBlock.Picture.class::isInstance)
                .map(PageBlock.Picture.class::cast)
                .toList();
        assertThat(pictures).isNotEmpty().allSatisfy(picture -> {
            assertThat(Guide.picture(picture.source())).as(picture.source()).isPresent();
            assertThat(PAGES.resolve(picture.source())).exists();
            assertThat(picture.plain()).isNotBlank();
        });
    }

    /** "File > Export" in a page is what the menu says, without the mark of the mnemonic. */
    @Test
    void everyMenuThatIsNamedIsThere() throws IOException {
        Set<String> texts = menuTexts();
        Set<String> unknown = new LinkedHashSet<>();
        int named = 0;
        for (GuidePage page : pages()) {
            for (String line : PageBlock.plain(page.blocks()).split("\n")) {
                Matcher menu = MENU.matcher(line);
                while (menu.find()) {
                    named++;
                    for (String step : menu.group(2).split(" [>▸›] ")) {
                        if (texts.stream().noneMatch(text -> step.equals(text) || step.startsWith(text + " "))) {
                            unknown.add(page.name() + ": " + menu.group());
                        }
                    }
                }
            }
        }
        assertThat(unknown).isEmpty();
        assertThat(named).isPositive();
    }

    private static Set<String> menuTexts() {
        ResourceBundle texts = ResourceBundle.getBundle("org.layerwise.gui.messages");
        return texts.keySet().stream()
                .filter(key -> key.startsWith("menu."))
                .map(key -> texts.getString(key).replaceFirst("_", ""))
                .flatMap(text -> Stream.of(text, text.replaceFirst("…$", "")))
                .collect(Collectors.toSet());
    }

    @Test
    void thePagesOfPanesAreThere() {
        assertThat(Stream.of(
                        "tutorial.md",
                        "window.md",
                        "models.md",
                        "data.md",
                        "measures.md",
                        "training.md",
                        "runs.md",
                        "gpu.md"))
                .allSatisfy(name -> assertThat(guide.page(name)).as(name).isPresent());
        assertThat(anchors(guide.page("window.md").orElseThrow())).contains("selections");
        assertThat(anchors(guide.page("measures.md").orElseThrow()))
                .contains("how-far-to-trust-it", "comparing-rankings");
    }

    @Test
    void aSearchFindsTheSectionThatSaysIt() {
        assertThat(guide.find("debiased cka")).isNotEmpty().first().satisfies(found -> assertThat(found.page())
                .isEqualTo("measures.md"));
        assertThat(guide.find("whole checkpoint"))
                .extracting(SearchResult::page)
                .contains("runs.md");
        assertThat(guide.find("xyzzy")).isEmpty();
        assertThat(guide.find("  ")).isEmpty();
    }
}
