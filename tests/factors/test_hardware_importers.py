"""Importers of hardware, power, money and providers: an excerpt of the upstream's file in, rows out."""

import pytest

from service.errors import FactorDataInvalid
from service.factors.columns import COLUMNS, Row
from service.factors.importers import (
    IMPORTERS,
    accelerators,
    ccf_embodied,
    ccf_instances,
    components,
    gpu_instances,
    power,
    provider,
    spend,
    spruce,
)
from service.factors.importers.instance_names import (
    aws_memory_gb,
    aws_vcpus,
    azure_memory_gb,
    azure_name,
    azure_vcpus,
)
from service.factors.instance_figures import with_figures
from service.factors.merge import merge
from service.factors.names import accelerator_key, instance_key

DEVICES = """\
accelerator_id,vendor,model,form_factor,memory_gb,tdp_w,embodied_low_kgco2e,embodied_central_kgco2e,\
embodied_high_kgco2e,central_basis,primary_source,boaviztapi_2_5_0_kgco2e,aliases,tdp_low_w,tdp_high_w,status,spec_note
h100-sxm5,NVIDIA,H100,SXM5,80,700,131.2,164.0,575.1,primary,"NVIDIA HGX H100 PCF 1312 kg / 8",575.1,\
NVIDIA H100 80GB HBM3|H100|H100 SXM,,,confirmed by 5 independent sources,
h100-pcie,NVIDIA,H100,PCIe,80,350,118.5,148.2,566.7,derived: component model,,,NVIDIA H100 PCIe,,,single,
mi250,AMD,Instinct MI250,OAM,128,560,172.6,215.8,358.2,derived from mi250x,,,AMD Instinct MI250,,,unresolved,peak 560 W
tpu-v5p,Google,TPU v5p chip,board,95,,880.8,1101.0,1827.7,primary,Schneider et al. 2025 per-TPU,,tpu-v5p,,,\
unresolved (power not published),
tpu-v3,Google,TPU v3 chip,board,32,450,308.8,386.0,640.8,assumption: same as v4i,,,tpu-v3|v3-8,220,450,single,
mi300a,AMD,Instinct MI300A,SH5,128,760,,,,,,,MI300A,550,760,unresolved,
"""


def by(rows: list[Row], column: str) -> dict[str, Row]:
    return {row[column]: row for row in rows}


def devices() -> dict[str, Row]:
    return by(accelerators.read(DEVICES, "accelerators.csv")["accelerator"], "accelerator")


def test_every_importer_names_columns_of_its_tables() -> None:
    """What an importer returns fits the table's header."""
    rows = accelerators.read(DEVICES, "accelerators.csv")["accelerator"]

    assert {tuple(row) for row in rows} == {COLUMNS["accelerator"]}
    assert {"accelerators", "ccf_embodied", "ccf_instances", "components", "gpu_instances"} < IMPORTERS.keys()
    assert {"power", "provider", "spend", "spruce"} < IMPORTERS.keys()


def test_a_published_footprint_is_graded_above_a_model() -> None:
    """A product footprint or a teardown has grade C and its publisher, a component model D."""
    h100, pcie = devices()["h100-sxm5"], devices()["h100-pcie"]

    assert (h100["value"], h100["low"], h100["high"], h100["grade"]) == ("164", "131.2", "575.1", "C")
    assert (h100["publisher"], h100["evidence"]) == ("NVIDIA", "transcribed")
    assert (pcie["grade"], pcie["evidence"], pcie["publisher"]) == ("D", "derived", "Dualscope (derived)")


def test_a_power_that_is_unresolved_or_unpublished_stays_empty() -> None:
    """No default is guessed: the note says what the copies print."""
    assert devices()["mi250"]["tdp_w"] == ""
    assert "power unresolved and left empty (a copy prints 560 W)" in devices()["mi250"]["note"]
    assert devices()["tpu-v5p"]["tdp_w"] == ""
    assert "power not published" in devices()["tpu-v5p"]["note"]
    assert [devices()["tpu-v3"][name] for name in ("tdp_w", "tdp_low_w", "tdp_high_w")] == ["450", "220", "450"]


def test_a_device_without_an_embodied_figure_says_so() -> None:
    """No figure is an empty cell and a reason."""
    row = devices()["mi300a"]

    assert (row["value"], row["low"], row["high"]) == ("", "", "")
    assert row["note"].startswith("no embodied figure is published or derived")


def test_names_go_with_and_without_the_vendor_and_stand_for_one_device() -> None:
    """`nvidia-h100-sxm` and `H100 SXM` are one; a name that another device has is not taken."""
    names = {accelerator_key(name): row["accelerator"] for row in devices().values() for name in _names(row)}

    assert names["nvidia-h100-sxm"] == names["h100-sxm"] == names["nvidia-h100"] == "h100-sxm5"
    assert names["h100-pcie"] == names["nvidia-h100-pcie"] == "h100-pcie"
    assert names["amd-mi300a"] == names["mi300a"] == "mi300a"
    assert "v3-8" not in names  # a slice of four chips


def _names(row: Row) -> list[str]:
    return [row["accelerator"], *row["aliases"].split("|")]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("NVIDIA H100 80GB HBM3", "nvidia-h100-80gb-hbm3"),
        ("NVIDIA_H100__80GB/HBM3", "nvidia-h100-80gb-hbm3"),
        ("  Intel(R) Gaudi® 3 ", "intel-gaudi-3"),
        ("GeForce™ RTX 4090", "geforce-rtx-4090"),
    ],
)
def test_accelerator_names_have_one_form(name: str, key: str) -> None:
    """Case, separators and trademark signs make no other name."""
    assert accelerator_key(name) == key


@pytest.mark.parametrize("name", ["Standard_D4s_v3", "D4s v3", "d4s_v3", " standard_d4s_v3", "STANDARD D4S V3"])
def test_azure_sizes_have_one_form(name: str) -> None:
    """All spellings of an Azure size find the same type."""
    assert instance_key(name) == "d4s_v3"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("D4s v3", "Standard_D4s_v3"),
        ("d2ads_v5", "Standard_D2ads_v5"),
        ("standard_e104ids_v5", "Standard_E104ids_v5"),
        ("B12MS", "Standard_B12ms"),
        ("M64m 1", "Standard_M64m"),  # the 1 is a footnote's mark
        ("NC4as T4 v3", "Standard_NC4as_T4_v3"),
        ("Gs4-8", "Standard_GS4-8"),
        ("m8-2ms", "Standard_M8-2ms"),
        ("S192xm", "S192xm"),  # SAP HANA's own
    ],
)
def test_azure_sizes_are_written_as_azure_does(name: str, written: str) -> None:
    """A row has the name that a bill shows."""
    assert azure_name(name) == written


@pytest.mark.parametrize(
    ("name", "vcpus", "memory_gb"),
    [
        ("m7i.large", 2, 8),  # 2 × 4 GB
        ("c7g.medium", 1, 2),  # 1 × 2 GB
        ("r6i.32xlarge", 128, 1024),  # 32 × 4 vCPUs, × 8 GB
        ("m7i-flex.xlarge", 4, 16),
        ("c7i.metal-24xl", 96, 192),
        ("x2idn.16xlarge", 64, None),
        ("m6a.metal", None, None),
        ("t4g.large", None, None),
    ],
)
def test_aws_sizes_tell_their_vcpus(name: str, vcpus: int | None, memory_gb: int | None) -> None:
    """The size counts vCPUs, and families m, c and r have a fixed memory for each; others tell nothing."""
    assert (aws_vcpus(name), aws_memory_gb(name)) == (vcpus, memory_gb)


@pytest.mark.parametrize(
    ("name", "vcpus", "memory_gb"),
    [
        ("Standard_D16ads_v5", 16, 64),  # 16 × 4 GB
        ("Standard_E20bds_v5", 20, 160),  # 20 × 8 GB
        ("Standard_E96ads_v5", 96, None),  # the largest have less than 8 GB for each
        ("Standard_M128-32ms", 32, None),
    ],
)
def test_azure_sizes_tell_their_vcpus(name: str, vcpus: int, memory_gb: int | None) -> None:
    """The first number counts vCPUs, the second those left on; families D, E and L have a fixed memory for each."""
    assert (azure_vcpus(name), azure_memory_gb(name)) == (vcpus, memory_gb)


# instance types: several files make one row

GPU_TYPES = """\
provider,instance,vcpu,memory_gb,memory_unit,accelerator_id,accelerators,source,status,note,license_note
aws,p4d.24xlarge,96,1152.0,GiB,h100-sxm5,8,x,confirmed by 4 independent sources,,x
aws,g6f.large,2,8.0,GiB,h100-pcie,0.125,x,single,a fraction,x
aws,p2.xlarge,4,61.0,GiB,k80,0.5,x,single,,x
aws,inf1.6xlarge,24,48.0,GiB,h100-pcie,4,x,single,,x
gcp,ct5p-hightpu-4t,208,448.0,GB,tpu-v5p,4,x,single,,x
gcp,ct6e-standard-8t,360,1440.0,GB,tpu-v5p,8,x,unresolved,,x
gcp,n1 + nvidia-tesla-t4,,,GiB,h100-pcie,1-8,x,single,,x
gcp,v4-8 (ct4p-hightpu-4t),,,GiB,tpu-v5p,4,x,single,,x
"""
AWS_TYPES = """\
Instance type,Instance vCPU,Platform Total Number of vCPU,Platform CPU Name,Instance Memory (in GB),\
Platform GPU Quantity,Instance Number of GPU
p4d.24xlarge,96,96,Xeon Platinum 8275CL,1152,8,8
p2.xlarge,4,72,Xeon E5-2686 v4,61,16,1
inf1.6xlarge,24,96,Xeon Platinum 8275CL,48,N/A,N/A
m5.large,2,96,Xeon Platinum 8175M,8,N/A,N/A
m6i.large,2,128,Xeon Platinum 8375C,8,N/A,N/A
f1.2xlarge,8,72,Xeon E5-2686 v4,122,N/A,N/A
"""
AWS_KG = """\
,type,additional_memory,additional_storage,additional_cpus,additional_gpus,total
0,p4d.24xlarge,0,0,0,1200.0,4676.79
1,p2.xlarge,0,0,0,2400.0,4493.82
2,inf1.6xlarge,0,0,0,0.0,1344.29
3,m5.large,0,0,0,0.0,1610.79
4,f1.2xlarge,0,0,0,0.0,2832.5
"""
AZURE_TYPES = """\
Series,Virtual Machine,Microarchitecture,Instance vCPUs,Instance Memory,Platform vCPUs (highest vCPU possible),\
Instance GPUs,Platform GPU
D2s-64s v3,D4s v3,Haswell,4,16,64,,
D2s-64s v3,D4s v3,Skylake,4,16,64,,
D11S-15S v2,DS11 v2,Haswell,2,14,20,,
Constrained vCPUs capable,DS11-1 v2,Unknown,0.5,14,2,,
NC-series,NC6,Unknown,6,56,24,1,4
"""
AZURE_KG = """\
,family,type,microarchitecture,additional_memory,additional_storage,additional_cpus,additional_gpus,total
0,D2s-64s v3,D4s v3,Haswell,0,0,0,0,1500
1,D2s-64s v3,D4s v3,Skylake,0,0,0,0,1400
2,D11S-15S v2,DS11 v2,Haswell,0,0,0,0,1322.11
3,Constrained vCPUs capable,DS11-1 v2,Unknown,0,0,0,0,1150
"""
AWS_GRAMS = """\
# instance_type, electricity_consumption_kwh, embodied_emissions_gco2eq, embodied_adp_gSbeq
p4d.24xlarge, 0.9, 106.0, 0.1
m5.large, 0.003, 2.0, 0.1
# instance_type, electricity_consumption_kwh, embodied_emissions_gco2eq, embodied_adp_gSbeq
c7g.2xlarge, 0.01, 3.0, 0.1
m9.large.elasticsearch, 0.1, 1.0, 0.1
vt1.3xlarge, 0.1, 1.0, 0.1
"""


def types() -> dict[str, Row]:
    """The excerpts merged and derived, by name."""
    rows: list[Row] = []
    for tables in (
        gpu_instances.read(GPU_TYPES, "cloud_gpu_instances.csv"),
        ccf_instances.read(AWS_TYPES, "ccf_aws-instances.csv"),
        ccf_instances.read(AZURE_TYPES, "ccf_azure-instances.csv"),
        ccf_embodied.read(AWS_KG, "ccf_coefficients-aws-embodied.csv"),
        ccf_embodied.read(AZURE_KG, "ccf_coefficients-azure-embodied.csv"),
        spruce.read(AWS_GRAMS, "spruce_boavizta_aws_instance_impacts.csv"),
    ):
        rows = merge("cloud_instance", rows, tables["cloud_instance"]).rows
    return by(with_figures(rows, devices().values()), "instance")


def test_a_gpu_instance_is_its_gpus_and_its_share_of_the_platform_without_cards() -> None:
    """n × device + (platform − 150 kg a card) × share; the host part ranges from half to double."""
    row = types()["p4d.24xlarge"]

    # 8 × 164 = 1312; 4676.79 − 8 × 150 = 3476.79, × 8/8; low 8 × 131.2 + 0.5 × 3476.79; high 8 × 575.1 + 2 × 3476.79
    assert (row["value"], row["low"], row["high"]) == ("4788.79", "2787.995", "11554.38")
    assert row["host_included"] == "yes"
    assert row["note"].endswith("figure: 8 × 164 kg + (4676.79 − 8 × 150) kg × 8/8 GPUs")


def test_a_fraction_of_a_gpu_is_a_fraction_and_an_unknown_platform_no_host() -> None:
    """0.125 of a device has 0.125 of its figure; without a platform the host is not included."""
    row = types()["g6f.large"]

    # 0.125 × 148.2 = 18.525; 0.125 × 118.5 = 14.8125; 0.125 × 566.7 = 70.8375
    assert (row["value"], row["low"], row["high"], row["accelerators"]) == ("18.525", "14.8125", "70.8375", "0.125")
    assert row["host_included"] == "no"


def test_an_accelerator_that_the_platform_does_not_count_takes_the_host_by_vcpus() -> None:
    """No card was counted, so none is taken off, and vCPUs measure the share."""
    row = types()["inf1.6xlarge"]

    # 4 × 148.2 = 592.8; 1344.29 × 24/96 = 336.0725; together 928.8725
    assert row["value"] == "928.8725"


def test_boards_of_two_chips_are_counted_in_boards() -> None:
    """The list counts 16 K80 chips on the platform: eight boards; no figure of the board: no value."""
    row = types()["p2.xlarge"]

    assert (row["accelerators"], row["platform_accelerators"], row["value"]) == ("0.5", "8", "")
    assert "figure: none, k80 has no embodied figure" in row["note"]


def test_a_tpu_contains_its_host() -> None:
    """The chip's figure holds the host's share, so the instance's does."""
    row = types()["ct5p-hightpu-4t"]

    assert (row["value"], row["host_included"]) == ("4404", "yes")  # 4 × 1101


def test_an_unresolved_type_is_never_chosen_and_an_attached_gpu_is_no_type() -> None:
    """Unresolved rows are shown only; an accelerator attached to any size is given apart from the type."""
    assert types()["ct6e-standard-8t"]["use"] == "never"
    assert not any(name.startswith("n1") for name in types())
    assert types()["ct4p-hightpu-4t"]["aliases"] == "v4-8"


def test_a_cpu_instance_is_its_share_of_the_platform() -> None:
    """Platform × vCPUs ÷ platform's vCPUs; its range is the default one, widened to hold SPRUCE's grams."""
    row = types()["m5.large"]

    assert (row["value"], row["platforms"]) == ("33.558125", "SKYLAKE")  # 1610.79 × 2/96
    # 2 g/h × 52,560 h = 105.12 kg lies above 2 × 33.558125; low stays 0.5 × 33.558125
    assert (row["low"], row["high"]) == ("16.7790625", "105.12")


def test_a_family_without_a_row_of_power_stays_a_name() -> None:
    """Ice Lake has no published power: the platform is named, and the provider's average answers."""
    assert types()["m6i.large"]["platforms"] == "ICE_LAKE"
    assert types()["m6i.large"]["value"] == ""


def test_several_families_of_a_type_are_averaged() -> None:
    """One row a type: the mean of its platforms, the default range, all families named."""
    row = types()["Standard_D4s_v3"]

    assert (row["value"], row["low"], row["high"]) == ("90.625", "", "")  # (1500 + 1400)/2 × 4/64
    assert row["platforms"] == "HASWELL|SKYLAKE"


def test_platforms_too_far_apart_are_refused() -> None:
    """The default range must hold them all."""
    text = AZURE_KG.replace(",1400\n", ",9000\n")

    with pytest.raises(FactorDataInvalid, match="Standard_D4s_v3 differ by more than a factor of two"):
        ccf_embodied.read(text, "ccf_coefficients-azure-embodied.csv")


def test_a_constrained_size_takes_the_size_that_it_occupies() -> None:
    """Its column of vCPUs is the part switched on: 0.5 × 2 = 1; its machine share is that of the whole size."""
    row = types()["Standard_DS11-1_v2"]

    assert (row["vcpus"], row["value"]) == ("1", "132.211")  # 1322.11 × 2/20, not 1150 × 1/2


def test_an_azure_series_names_its_accelerator() -> None:
    """NC is half a K80 board for each GPU of the list; four GPUs of the platform are two boards."""
    row = types()["Standard_NC6"]

    assert (row["accelerator"], row["accelerators"], row["platform_accelerators"]) == ("k80", "0.5", "2")


def test_what_no_table_knows_is_never_chosen() -> None:
    """FPGAs are in the machine but in no table: the type has no figure, not a low one."""
    row = types()["f1.2xlarge"]

    assert (row["value"], row["use"]) == ("", "never")
    assert "holds FPGAs, which no table knows" in row["note"]


def test_grams_an_hour_alone_become_a_total_by_their_own_life() -> None:
    """A type that only SPRUCE lists: grams an hour × 52,560 h, never a per-hour figure beside totals."""
    row = types()["c7g.2xlarge"]

    assert (row["value"], row["vcpus"], row["memory_gb"]) == ("157.68", "8", "16")  # 3 × 52,560 / 1000
    assert (row["low"], row["high"], row["publisher"]) == ("", "", "SPRUCE")


def test_managed_services_and_unknown_accelerators_make_no_row_alone() -> None:
    """No one rents a search node as a machine, and a transcoder's card has no figure."""
    assert "m9.large.elasticsearch" not in types()
    assert "vt1.3xlarge" not in types()


def test_of_two_spellings_of_an_azure_size_the_full_one_counts() -> None:
    """SPRUCE lists both with two figures; the one with its tier is Azure's own name."""
    text = AWS_GRAMS.splitlines()[0] + "\nd2as_v4, 0.1, 0.45, 0.1\nstandard_d2as_v4, 0.1, 0.46, 0.1\n"

    [row] = spruce.read(text, "spruce_boavizta_azure_vm_impacts.csv")["cloud_instance"]

    assert (row["instance"], row["spruce_g_co2e_per_hour"]) == ("Standard_D2as_v4", "0.46")


def test_an_unknown_processor_is_refused_with_its_line() -> None:
    """A processor that no rule knows is a new one: say which family it is."""
    with pytest.raises(FactorDataInvalid, match=r"ccf_aws-instances.csv, line 5: no rule for the processor 'Xeon 9'"):
        ccf_instances.read(AWS_TYPES.replace("Xeon Platinum 8175M", "Xeon 9"), "ccf_aws-instances.csv")


# power, components, money, providers


def test_power_has_the_constants_under_their_keys() -> None:
    """Families, fleets, memory, storage and network; PUEs are stale and left out."""
    text = """\
kind,key,idle_or_min,max_or_value,unit,source,note
cpu_per_vcpu,CASCADE_LAKE,0.64,3.97,W per vCPU idle/max,cloud-carbon-footprint b7,
cpu_per_vcpu_average,AWS,0.74,3.5,W per vCPU idle/max,cloud-carbon-footprint b7,
memory,per GB,,0.392,W per GB,cloud-carbon-footprint b7,
storage,SSD,,1.2,W per TB,cloud-carbon-footprint b7,
network,per GB,,0.001,kWh per GB transferred,cloud-carbon-footprint b7,
gpu,Radeon Pro V520,26,229,W per GPU idle/max,cloud-carbon-footprint b7,
pue,AWS,,1.135,ratio,cloud-carbon-footprint b7,stale
"""
    rows = by(power.read(text, "power_coefficients.csv")["power"], "key")

    assert {key: (row["value"], row["idle_w"], row["unit"]) for key, row in rows.items()} == {
        "CASCADE_LAKE": ("3.97", "0.64", "W/vCPU"),
        "average:aws": ("3.5", "0.74", "W/vCPU"),
        "memory": ("0.392", "", "W/GB"),
        "storage_ssd": ("1.2", "", "W/TB"),
        "network": ("0.001", "", "kWh/GB"),
        "gpu:radeon-pro-v520": ("229", "26", "W/device"),
    }
    assert "Xeon Platinum 8259CL" in rows["CASCADE_LAKE"]["cpu_models"].split("|")


def test_power_of_families_is_read_from_the_use_files_too() -> None:
    """They spell Skylake in two ways and know Graviton."""
    text = ",Architecture,Min Watts,Max Watts,GB/Chip\n0,Graviton,0.47,1.69,129.7\n1,Sky Lake,0.64,4.19,80.4\n"

    rows = power.read(text, "ccf_coefficients-aws-use-2023.csv")["power"]

    assert [(row["key"], row["value"]) for row in rows] == [("AWS_GRAVITON", "1.69"), ("SKYLAKE", "4.19")]


def test_an_unknown_kind_of_power_is_refused() -> None:
    """A kind without a rule has no unit."""
    text = "kind,key,idle_or_min,max_or_value,unit,source,note\nwater,AWS,,1,l,cloud-carbon-footprint b7,\n"

    with pytest.raises(FactorDataInvalid, match="line 2: no rule for the kind 'water'"):
        power.read(text, "power_coefficients.csv")


COMPONENTS = """\
item,value,unit,scope_or_basis,source,note,evidence
"CCF base server (1 socket, low DRAM)",1000,kgCO2e/server,CCF/Teads,ccfcoef/constants.py,,read
CCF DRAM,1.388,kgCO2e/GB (533/384),CCF/Teads from Dell R740,ccfcoef/constants.py,,read
CCF per SSD,100,kgCO2e,CCF/Teads,ccfcoef/constants.py,,read
Dell PowerEdge R750,5870,kgCO2e life-cycle +-2830,Dell PCF 2022,x,"life-cycle, not embodied-only",read
DGX H100,4000,kgCO2e/server,bounded estimate 3-5 t,x,estimate,read
"""


def test_components_are_the_parts_of_a_server_and_archetypes_whole_ones() -> None:
    """RAM is 533/384 kg a GB beyond 16; a life-cycle figure is no embodied one and is left out."""
    rows = by(components.read(COMPONENTS, "published.csv")["server_component"], "component")

    assert rows.keys() == {"base", "ram", "ssd", "dgx-h100"}
    assert (rows["ram"]["value"], rows["ram"]["included"]) == ("1.3880208333333333", "16")  # 533/384
    assert (rows["base"]["value"], rows["base"]["archetype"], rows["base"]["included"]) == ("1000", "no", "1")
    assert [rows["dgx-h100"][name] for name in ("low", "value", "high", "archetype")] == ["3000", "4000", "5000", "yes"]
    assert (rows["dgx-h100"]["accelerator"], rows["dgx-h100"]["accelerators"]) == ("h100-sxm5", "8")


def test_a_bill_of_materials_gives_the_drives_size() -> None:
    """A drive of the Dell R740 holds 3,840 GB; the small one beside them is no main drive."""
    drive = "  ssd.main{}:\n    model: flash\n    process: nand_30nm\n    n_ics: 13\n    capacity: 3840 GB\n"
    small = "  ssd.secondary.ssd:\n    model: flash\n    process: nand_30nm\n    capacity: 400 GB\n"
    text = "silicon:\n" + drive.format(0) + drive.format(1) + small

    assert components.read(text, "bom.yaml") == {
        "server_component": [{"id": "server_component:ssd", "unit_gb": "3840"}]
    }


def test_an_unknown_item_is_refused() -> None:
    """An item is taken, or left out for a reason that is written down."""
    with pytest.raises(FactorDataInvalid, match=r"published.csv, line 7: no rule for 'Quantum computer'"):
        components.read(COMPONENTS + "Quantum computer,1,kg,x,x,x,x\n", "published.csv")


SPEND_HEADER = (
    "2017 NAICS Code,2017 NAICS Title,GHG,Unit,Supply Chain Emission Factors without Margins,"
    "Margins of Supply Chain Emission Factors,Supply Chain Emission Factors with Margins,Reference USEEIO Code\n"
)


def test_money_is_taken_with_margins_in_the_dollars_of_its_release() -> None:
    """With margins is the value; the currency's year is shown; release 1.3.0 is in force, 1.2 is for its year."""
    line = '334111,Computers,All GHGs,"kg CO2e/2022 USD, purchaser price",0.05,0.01,0.06,334111\n'
    [new] = spend.read(SPEND_HEADER + line, "epa_supply_chain_ghg_ef_v1.3.0_naics.csv")["spend"]
    [old] = spend.read(
        SPEND_HEADER.replace("2017 NAICS Code,2017 NAICS Title", "NAICS Code 2017,NAICS Title 2017")
        + line.replace("2022", "2021"),
        "epa_supply_chain_ghg_ef_v1.2_naics.csv",
    )["spend"]

    assert [new[name] for name in ("id", "value", "without_margins")] == ["spend:334111:2022", "0.06", "0.05"]
    assert [new[name] for name in ("currency_year", "valid_from", "valid_to")] == ["2022", "2022-01-01", ""]
    assert [old[name] for name in ("id", "currency_year", "valid_to")] == ["spend:334111:2021", "2021", "2021-12-31"]
    assert old["data_year"] == "2019"


def test_money_of_another_currency_is_refused() -> None:
    """A unit that is not a dollar of a year has no rule."""
    line = '334111,Computers,All GHGs,"kg CO2e/2022 EUR, purchaser price",0.05,0.01,0.06,334111\n'

    with pytest.raises(FactorDataInvalid, match="line 2: the unit 'kg CO2e/2022 EUR, purchaser price' is not"):
        spend.read(SPEND_HEADER + line, "epa_supply_chain_ghg_ef_v1.3.0_naics.csv")


PROVIDER_HEADER = "provider,year,metric,value,unit,source,source_found\n"


def test_a_providers_totals_keep_their_units_and_periods() -> None:
    """A fiscal year runs from July to June; `same` means the document above; a change keeps its per cent."""
    text = PROVIDER_HEADER + (
        "Microsoft,FY24,Scope 2 market-based,259090,tCO2e,2025 Environmental Data Fact Sheet,x\n"
        "Microsoft,FY24,Scope 2 location-based,9955368,tCO2e,same,same\n"
        "Amazon,2024,total emissions change,+6,%,2024 Sustainability Report,absolute 2024 total not found\n"
    )
    market, location, change = provider.read(text, "provider.csv")["provider"]

    assert (market["id"], market["value"], market["unit"]) == (
        "provider:microsoft:scope2_market_based:2024",
        "259090",
        "t CO2e",
    )
    assert (market["valid_from"], market["valid_to"], market["period_label"]) == ("2023-07-01", "2024-06-30", "FY24")
    assert location["title"] == "2025 Environmental Data Fact Sheet: Scope 2 location-based"
    assert (change["value"], change["unit"]) == ("6", "%")
    assert "change against the year before" in change["note"]


def test_a_providers_total_without_a_number_is_refused() -> None:
    """A total is a number with a unit that is known."""
    text = PROVIDER_HEADER + "Google,2024,Scope 1,about 70k,tCO2e,Report,x\n"

    with pytest.raises(FactorDataInvalid, match=r"provider.csv, line 2: no rule for 'about 70k' 'tCO2e' in '2024'"):
        provider.read(text, "provider.csv")


@pytest.mark.parametrize("source", ["accelerators", "gpu_instances", "components", "provider", "power"])
def test_a_file_of_another_source_is_refused(source: str) -> None:
    """A file without the columns of its source is not read as if it had them."""
    with pytest.raises(FactorDataInvalid, match=r"other.csv, line 1: no column .*: not a file of this source"):
        IMPORTERS[source]("a,b\n1,2\n", "other.csv")
