"""Importers: one module for each upstream, its mapping table on top, one pure function `read` below.

`IMPORTERS` names them. Each takes the text of the upstream's file and the file's name, and returns the rows of every
table that it feeds, all cells text; next year's file of the same format goes through the same function.
"""

from collections.abc import Callable

from service.factors.importers import (
    accelerators,
    aib,
    ccf_embodied,
    ccf_instances,
    china,
    cloud_pue,
    cloud_regions,
    components,
    cornerstone,
    defra_wtt,
    derived_upstream,
    egrid,
    ember,
    google_cfe,
    gpu_instances,
    greene,
    gsf,
    national,
    power,
    provider,
    spend,
    spruce,
    uk_desnz,
    worldbank,
)

Reader = Callable[[str, str], dict[str, list[dict[str, str]]]]

IMPORTERS: dict[str, Reader] = {  # source -> reader, and the files that it was made for
    "accelerators": accelerators.read,  # accelerators_tdp_embodied_verified-2026.csv
    "aib": aib.read,  # aib_residual_mix_verified-2023-2024.csv
    "ccf_embodied": ccf_embodied.read,  # ccf_coefficients-{aws,azure,gcp}-embodied-2023.csv
    "ccf_instances": ccf_instances.read,  # ccf_{aws,azure,gcp}-instances-2023.csv
    "china": china.read,  # codecarbon_china_provincial_emissions-2023.json
    "cloud_pue": cloud_pue.read,  # cloud_pue_verified-2025.csv
    "cloud_regions": cloud_regions.read,  # cloud_regions_verified-2026.csv
    "components": components.read,  # published_embodied_figures_…-2026.csv, act_bom_dellr740-2025.yaml
    "cornerstone": cornerstone.read,  # cornerstone_egrid2024_subregion_verified-2024.csv
    "defra_wtt": defra_wtt.read,  # defra_electricity_wtt_td_uk_overseas_extract-2020-2021.csv
    "derived_upstream": derived_upstream.read,  # derived_direct_vs_upstream_by_country-2024.csv
    "egrid": egrid.read,  # epa_egrid2022_subregion_electricity-2024.csv, epa_egrid2023_rev2_…-2023.csv
    "ember": ember.read,  # ember_owid_…-2026.json, ember_api_country_overview_…, ember_api_subnational_…
    "google_cfe": google_cfe.read,  # google_region_carbon_info-2022.csv, -2023.csv, -2024.csv
    "gpu_instances": gpu_instances.read,  # cloud_gpu_instances_verified-2026.csv
    "greene": greene.read,  # greene_residual_mix_verified-2023.csv
    "gsf": gsf.read,  # gsf_cloud_region_metadata-2024.csv
    "national": national.read,  # national_official_grid_factors_…, national_grid_updates_…
    "power": power.read,  # power_coefficients_…-2026.csv, ccf_coefficients-*-use-2023.csv
    "provider": provider.read,  # provider_corporate_metrics_…-2024.csv
    "spend": spend.read,  # epa_supply_chain_ghg_ef_v1.2_…, epa_supply_chain_ghg_ef_v1.3.0_…
    "spruce": spruce.read,  # spruce_boavizta_{aws_instance,azure_vm}_impacts-2026.csv
    "uk_desnz": uk_desnz.read,  # uk_desnz_electricity_verified-2024-2026.csv
    "worldbank": worldbank.read,  # worldbank_EG.ELC.LOSS.ZS_td_losses-2026.csv
}
