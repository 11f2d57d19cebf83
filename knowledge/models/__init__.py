"""The knowledge base's tables, one file per noun."""

from knowledge.models.article import ArticlePage
from knowledge.models.audience import ArticleAudience
from knowledge.models.concept import Concept, ConceptLabel, ConceptSeed, ThesaurusStamp
from knowledge.models.home import HomePage
from knowledge.models.image import ImageUse, KnowledgeImage, KnowledgeRendition
from knowledge.models.index import KnowledgeIndexPage

__all__ = [
    "ArticleAudience",
    "ArticlePage",
    "Concept",
    "ConceptLabel",
    "ConceptSeed",
    "HomePage",
    "ImageUse",
    "KnowledgeImage",
    "KnowledgeIndexPage",
    "KnowledgeRendition",
    "ThesaurusStamp",
]
