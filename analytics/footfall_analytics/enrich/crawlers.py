"""Who runs the crawlers that feed AI models and assistants: the name in the user agent, and its operator.

The names are those the operators publish; a name that is part of another one is safe, since the longest
matches first. What a crawler is for (training, search, or one person's question) changes too often to be kept here.
"""

from __future__ import annotations

import re

#: Name as it is shown -> operator.
AI_CRAWLERS: dict[str, str] = {
    "AI2Bot": "Allen Institute for AI",
    "Amazonbot": "Amazon",
    "Amzn-SearchBot": "Amazon",
    "Amzn-User": "Amazon",
    "Andibot": "Andi",
    "anthropic-ai": "Anthropic",
    "Applebot": "Apple",
    "Applebot-Extended": "Apple",
    "aiHitBot": "aiHit",
    "Bytespider": "ByteDance",
    "CCBot": "Common Crawl",
    "ChatGPT-User": "OpenAI",
    "ChatGLM-Spider": "Zhipu AI",
    "Claude-SearchBot": "Anthropic",
    "Claude-User": "Anthropic",
    "Claude-Web": "Anthropic",
    "ClaudeBot": "Anthropic",
    "Cloudflare-AutoRAG": "Cloudflare",
    "cohere-ai": "Cohere",
    "cohere-training-data-crawler": "Cohere",
    "Cotoyogi": "ROIS-DS",
    "Crawl4AI": "Crawl4AI",
    "DeepSeekBot": "DeepSeek",
    "Diffbot": "Diffbot",
    "DuckAssistBot": "DuckDuckGo",
    "ExaSearchBot": "Exa",
    "FacebookBot": "Meta",
    "FirecrawlAgent": "Firecrawl",
    "Gemini-Deep-Research": "Google",
    "Google-Agent": "Google",
    "Google-CloudVertexBot": "Google",
    "Google-Extended": "Google",
    "Google-NotebookLM": "Google",
    "GoogleAgent-Mariner": "Google",
    "GoogleOther": "Google",
    "GPTBot": "OpenAI",
    "GrokBot": "xAI",
    "ICC-Crawler": "NICT",
    "ImagesiftBot": "Hive",
    "img2dataset": "LAION",
    "Kangaroo Bot": "Kangaroo LLM",
    "KlaviyoAIBot": "Klaviyo",
    "LAIONDownloader": "LAION",
    "LinerBot": "Liner",
    "LinkupBot": "Linkup",
    "meta-externalagent": "Meta",
    "meta-externalfetcher": "Meta",
    "meta-webindexer": "Meta",
    "MistralAI-User": "Mistral AI",
    "NovaAct": "Amazon",
    "OAI-AdsBot": "OpenAI",
    "OAI-SearchBot": "OpenAI",
    "omgili": "Webz.io",
    "PanguBot": "Huawei",
    "Panscient": "Panscient",
    "Perplexity-User": "Perplexity",
    "PerplexityBot": "Perplexity",
    "PetalBot": "Huawei",
    "PhindBot": "Phind",
    "QuillBot": "QuillBot",
    "SBIntuitionsBot": "SB Intuitions",
    "ShapBot": "Parallel",
    "Spawning-AI": "Spawning",
    "TavilyBot": "Tavily",
    "TerraCotta": "Ceramic AI",
    "Thinkbot": "Thinkbot",
    "TikTokSpider": "ByteDance",
    "Timpibot": "Timpi",
    "VelenPublicWebCrawler": "Hunter",
    "WARDBot": "WARD",
    "Webzio-Extended": "Webz.io",
    "wpbot": "QuantumCloud",
    "YandexAdditional": "Yandex",
    "YouBot": "You.com",
}

_CANONICAL = {name.lower(): name for name in AI_CRAWLERS}
_NAMES = re.compile(
    r"(?<![a-z0-9])(?:" + "|".join(sorted(map(re.escape, _CANONICAL), key=len, reverse=True)) + r")(?![a-z0-9])"
)


def ai_crawler(user_agent: str) -> str:
    """The name of the AI crawler that the user agent declares, or "" for any other."""
    found = _NAMES.search(user_agent.lower())
    return _CANONICAL[found[0]] if found else ""


def operator_of(name: str) -> str:
    """Who runs the AI crawler of that name, or "" for a name that is none."""
    return AI_CRAWLERS.get(name, "")
