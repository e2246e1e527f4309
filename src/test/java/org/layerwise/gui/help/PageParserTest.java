package org.layerwise.gui.help;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageParserTest {

    private final PageParser parser = new PageParser();

    @Test
    void blocksOfEveryKind() {
        GuidePage page = parser.parse(
                "a.md",
                """
                # The *title*

                Words, **strong** ones
                and `code`.

                - one
                - two

                  more of two

                3. three

                ```sh
                run  it
                ```

                | a | b |
                | --- | --- |
                | 1 | [two](b.md#c) |

                > said

                ![what is seen](../../x/y.png)
                """);

        assertThat(page.title()).isEqualTo("The title");
        assertThat(page.blocks())
                .extracting(block -> (Object) block.getClass())
                .containsExactly(
                        PageBlock.Heading.class,
                        PageBlock.Paragraph.class,
                        PageBlock.Items.class,
                        PageBlock.Items.class,
                        PageBlock.Listing.class,
                        PageBlock.Table.class,
                        PageBlock.Quote.class,
                        PageBlock.Picture.class);
        assertThat(page.blocks().get(1).plain()).isEqualTo("Words, strong ones and code.");
        assertThat(((PageBlock.Items) page.blocks().get(2)).items()).hasSize(2);
        assertThat(((PageBlock.Items) page.blocks().get(2)).first()).isZero();
        assertThat(((PageBlock.Items) page.blocks().get(3)).first()).isEqualTo(3);
        assertThat(((PageBlock.Listing) page.blocks().get(4)).plain()).isEqualTo("run  it");
        assertThat(PageLinks.of(page.blocks())).containsExactly("b.md#c");
    }

    @Test
    void htmlIsRefused() {
        assertThatThrownBy(() -> parser.parse("a.md", "<p>no</p>")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> parser.parse("a.md", "no <b>no</b>")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anchorsAreThoseOfGitHub() {
        GuidePage page = parser.parse("a.md", "# Where files go\n\n## What's `new`, and why?\n\n## Again\n\n## Again");

        assertThat(page.blocks())
                .extracting(block -> ((PageBlock.Heading) block).anchor())
                .containsExactly("where-files-go", "whats-new-and-why", "again", "again-1");
    }

    @Test
    void linksLeadFromThePageThatTheyAreOn() {
        assertThat(LinkTarget.of("a.md", "b.md#c")).isEqualTo(new LinkTarget.ToPage("b.md", "c"));
        assertThat(LinkTarget.of("a.md", "#c")).isEqualTo(new LinkTarget.ToPage("a.md", "c"));
        assertThat(LinkTarget.of("decisions/a.md", "b.md")).isEqualTo(new LinkTarget.ToPage("decisions/b.md", ""));
        assertThat(LinkTarget.of("decisions/a.md", "../b.md")).isEqualTo(new LinkTarget.ToPage("b.md", ""));
        assertThat(LinkTarget.of("a.md", "../../pom.md")).isEqualTo(new LinkTarget.Nowhere("../../pom.md"));
        assertThat(LinkTarget.of("a.md", "pom.xml")).isEqualTo(new LinkTarget.Nowhere("pom.xml"));
        assertThat(LinkTarget.of("a.md", "https://arxiv.org/abs/2602.05988"))
                .isEqualTo(new LinkTarget.ToWeb(URI.create("https://arxiv.org/abs/2602.05988")));
    }

    @Test
    void searchWantsAllWordsAndPrefersTitles() {
        PageSearch search = new PageSearch(List.of(
                parser.parse("a.md", "# Apples\n\nRed ones.\n\n## Pears\n\nGreen, as apples can be."),
                parser.parse("b.md", "# Plums\n\nNo apples here, but red plums.")));

        assertThat(search.find("red apples")).extracting(SearchResult::page).containsExactly("a.md", "b.md");
        assertThat(search.find("green"))
                .containsExactly(new SearchResult("a.md", "pears", "Apples", "Pears", "Green, as apples can be."));
        assertThat(search.find("red green")).isEmpty();
    }
}
