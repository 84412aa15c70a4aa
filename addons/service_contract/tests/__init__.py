from . import (
    test_access,
    test_bad_input,
    test_commitments,
    test_cover,
    test_cover_choice,
    test_cover_queries,
    test_life,
    test_multi_company,
    test_points,
    test_sale,
    test_views,
    test_warranty,
)
