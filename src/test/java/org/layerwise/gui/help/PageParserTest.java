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
        Page page = parser.parse(
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
                        Block.Heading.class,
                        Block.Paragraph.class,
                        Block.Items.class,
                        Block.Items.class,
                        Block.Listing.class,
                        Block.Table.class,
                        Block.Quote.class,
                        Block.Picture.class);
        assertThat(page.blocks().get(1).plain()).isEqualTo("Words, strong ones and code.");
        assertThat(((Block.Items) page.blocks().get(2)).items()).hasSize(2);
        assertThat(((Block.Items) page.blocks().get(2)).first()).isZero();
        assertThat(((Block.Items) page.blocks().get(3)).first()).isEqualTo(3);
        assertThat(((Block.Listing) page.blocks().get(4)).lines()).isEqualTo("run  it");
        assertThat(Links.of(page.blocks())).containsExactly("b.md#c");
    }

    @Test
    void htmlIsRefused() {
        assertThatThrownBy(() -> parser.parse("a.md", "<p>no</p>")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> parser.parse("a.md", "no <b>no</b>")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anchorsAreThoseOfGitHub() {
        Page page = parser.parse("a.md", "# Where files go\n\n## What's `new`, and why?\n\n## Again\n\n## Again");

        assertThat(page.blocks())
                .extracting(block -> ((Block.Heading) block).anchor())
                .containsExactly("where-files-go", "whats-new-and-why", "again", "again-1");
    }

    @Test
    void linksLeadFromThePageThatTheyAreOn() {
        assertThat(Target.of("a.md", "b.md#c")).isEqualTo(new Target.ToPage("b.md", "c"));
        assertThat(Target.of("a.md", "#c")).isEqualTo(new Target.ToPage("a.md", "c"));
        assertThat(Target.of("decisions/a.md", "b.md")).isEqualTo(new Target.ToPage("decisions/b.md", ""));
        assertThat(Target.of("decisions/a.md", "../b.md")).isEqualTo(new Target.ToPage("b.md", ""));
        assertThat(Target.of("a.md", "../../pom.md")).isEqualTo(new Target.Nowhere("../../pom.md"));
        assertThat(Target.of("a.md", "pom.xml")).isEqualTo(new Target.Nowhere("pom.xml"));
        assertThat(Target.of("a.md", "https://arxiv.org/abs/2602.05988"))
                .isEqualTo(new Target.ToWeb(URI.create("https://arxiv.org/abs/2602.05988")));
    }

    @Test
    void searchWantsAllWordsAndPrefersTitles() {
        Search search = new Search(List.of(
                parser.parse("a.md", "# Apples\n\nRed ones.\n\n## Pears\n\nGreen, as apples can be."),
                parser.parse("b.md", "# Plums\n\nNo apples here, but red plums.")));

        assertThat(search.find("red apples")).extracting(Found::page).containsExactly("a.md", "b.md");
        assertThat(search.find("green"))
                .containsExactly(new Found("a.md", "pears", "Apples", "Pears", "Green, as apples can be."));
        assertThat(search.find("red green")).isEmpty();
    }
}
